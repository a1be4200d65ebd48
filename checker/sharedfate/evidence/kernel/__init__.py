"""The kernel: judges certificates. No solver, no search, imports nothing of ours."""
