"""YAML documents, typed parameters and settings."""

from tengjia.config.settings import Settings

__all__ = ["Settings"]
