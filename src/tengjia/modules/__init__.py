"""Modules of every kind, one file each, found by name through `tengjia.registry`."""
