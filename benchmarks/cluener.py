"""CLUENER without pretraining; its development part serves as the test, and a fixed tenth of train as development.

python -m benchmarks.cluener --dataset-root ../corpora
"""

from __future__ import annotations

from benchmarks.quality import measure

RECIPE = ["dataset=cluener2020", "trainer.max_epochs=20"]

if __name__ == "__main__":
    measure("cluener", __doc__, RECIPE, seeds=3, demand=70.0, goal=72.0)
