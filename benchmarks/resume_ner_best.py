"""ResumeNER with the best recipe that needs no pretrained language model.

python -m benchmarks.resume_ner_best --dataset-root ../corpora
"""

from __future__ import annotations

from benchmarks.quality import measure

RECIPE = [
    "dataset=resume_ner",
    "encoding.bigrams=true",
    "encoding.words=parts_of_speech",
    "vectors=text",
    "vectors.file=tencent_char_vec/derived/tencent_char.200d.vec.txt",
    "encoding.pieces_from_vectors=10000",
    "callbacks.ema.enabled=true",
    "trainer.max_epochs=20",
]

if __name__ == "__main__":
    measure("resume_ner_best", __doc__, RECIPE, seeds=5, demand=94.5, goal=94.8)
