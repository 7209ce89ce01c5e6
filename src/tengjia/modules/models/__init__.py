"""Models: from a batch to scores."""
