"""Benchmarks, each beside its peer in the same run: `python -m benchmarks [NAME ...]`, or `make bench BENCH="crf ..."`.

A benchmark is a file with a `main() -> dict` that returns both figures, their ratio and the demand. Comparisons are
interleaved (A B A B) and medians are told with their spread. Nothing here is a test: the suite never measures time.
"""
