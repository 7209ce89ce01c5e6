"""Models of this project."""
