"""The stages of every base task: preprocess, train, cross-validate, test, apply. What differs is told by a `BaseTask`."""
