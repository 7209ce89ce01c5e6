"""Measuring, as pure functions on plain data: counts, scores, intervals, significance, and what went wrong."""
