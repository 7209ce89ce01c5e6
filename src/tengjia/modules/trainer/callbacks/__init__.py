"""Callbacks: everything optional around the loop."""
