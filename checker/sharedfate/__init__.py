"""sharedfate: a formal model checker for messaging architectures."""
