"""Readers: from a corpus file to examples."""
