"""What we measure ourselves against, written as its own users would write it."""
