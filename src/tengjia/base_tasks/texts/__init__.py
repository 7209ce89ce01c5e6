"""Texts as numbers: what the encodings of all base tasks have in common."""
