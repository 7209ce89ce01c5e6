"""Makes the sample of `task=translation`: Chinese sentences about work, and their English."""
