"""ResumeNER with the default recipe: characters only, random embeddings, at most 75 s of training on two cores.

python -m benchmarks.resume_ner --dataset-root ../corpora
"""

from __future__ import annotations

from benchmarks.quality import measure

RECIPE = ["dataset=resume_ner"]

if __name__ == "__main__":
    measure("resume_ner", __doc__, RECIPE, seeds=3, demand=93.6, goal=94.0)
