"""YAML documents, typed parameters and settings."""
