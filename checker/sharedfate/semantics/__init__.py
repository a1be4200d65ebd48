"""The executable meaning: what a policy does to a model. Plain Python, no solver."""
