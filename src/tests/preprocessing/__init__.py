"""Vocabulary, encoding, batches, the pool and the cache."""
