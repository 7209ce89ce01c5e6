"""Bundles: the folder that leaves training and is served."""
