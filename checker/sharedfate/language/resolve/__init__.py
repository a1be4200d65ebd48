"""Syntax trees -> typed model: names are resolved, alternatives multiplied, hops given their connections."""
