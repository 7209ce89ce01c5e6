"""Command lines: `run_modeling.py` and `tengjia`."""
