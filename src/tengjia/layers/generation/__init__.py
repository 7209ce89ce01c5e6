"""Writing texts piece by piece: beam search, greedy choice, sampling.

    hypotheses = generate(model, source, Generation.Config(beams=5), borders=Borders(begin=2, end=3))

A model that writes gives a `Memory` (`memory.py`); everything else here knows nothing of models.
"""
