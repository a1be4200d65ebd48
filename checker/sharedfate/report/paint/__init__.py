"""The painter: measures text, places boxes with Graphviz, writes SVG. Knows nothing of models."""
