"""Tengjia (藤架): train, track, store and serve NLP models from YAML.

Importing this package costs nothing: every heavy part is imported by the module that needs it.
"""

__version__ = "0.1.0"
