"""The typed, resolved model: frozen dataclasses, each with the span that it came from. Imports nothing of ours."""
