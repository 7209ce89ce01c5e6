"""Testers: score a trained model and report."""
