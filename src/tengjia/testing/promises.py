"""What each kind of module promises, by name: each is a test of its own."""

from __future__ import annotations

from typing import Final

PROMISES: Final[dict[str, tuple[str, ...]]] = {
    "dataset": ("builds_from_defaults", "has_its_files", "reads_examples", "reads_the_same_again"),
    "reader": ("builds_from_defaults", "reads_examples", "reads_the_same_again", "survives_bad_files"),
    "tokenizer": ("builds_from_defaults", "keeps_offsets", "saves_and_loads"),
    "vectors": ("builds_from_defaults", "looks_pieces_up"),
    "model": (
        "builds_from_defaults",
        "ignores_padding",
        "saves_and_loads",
        "overfits_one_batch",
        "resumes_exactly",
    ),
    "criterion": ("builds_from_defaults", "sums_over_units", "overfits_one_batch", "resumes_exactly"),
    "optimizer": ("builds_from_defaults", "saves_and_loads", "lowers_the_loss", "resumes_exactly"),
    "schedule": ("builds_from_defaults", "gives_factors", "saves_and_loads", "resumes_exactly"),
    "evaluator": ("builds_from_defaults", "knows_what_is_right", "sums_over_processes", "ignores_padding"),
    "trainer": ("builds_from_defaults", "lowers_the_loss", "resumes_exactly"),
    "callbacks": ("builds_from_defaults", "saves_and_loads", "resumes_exactly"),
    "tester": ("builds_from_defaults", "answers_in_order"),
}
"""Kind -> its promises. `builds_from_defaults` is for every kind, and so are the words of its parameters."""
