"""Tokenizers: from text to pieces with exact character offsets."""
