"""Trainers: the loop."""
