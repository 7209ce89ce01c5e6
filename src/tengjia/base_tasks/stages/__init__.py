"""The stages of every base task: preprocess, train, cross-validate, test, apply. A `BaseTask` tells what differs."""
