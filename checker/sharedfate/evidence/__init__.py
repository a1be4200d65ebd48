"""Verdicts, witnesses and certificates as data; the kernel that judges certificates."""
