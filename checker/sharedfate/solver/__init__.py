"""The only rooms that import z3: deterministic, bounded, no global state."""
