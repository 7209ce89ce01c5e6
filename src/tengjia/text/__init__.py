"""What tokenizers and vectors share: characters, widths, offsets, and files of words."""
