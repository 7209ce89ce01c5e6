"""Base tasks: what several tasks have in common."""
