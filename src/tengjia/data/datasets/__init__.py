"""Named corpora, and the user's own files."""
