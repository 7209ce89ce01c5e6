"""Two models on the same examples: the verdict in words, and its place in a report."""

from __future__ import annotations

from tengjia.metrics.resampling import Difference
from tengjia.reports.page import Page, element
from tengjia.reports.words import word, word_or_name


def measure_word(measure: str) -> str:
    """What people call a measure; one of a project's own keeps its name."""
    return word_or_name(f"measure_{measure}", measure)


def verdict(run: str, difference: Difference, level: float, measure: str = "f1") -> str:
    """Whether two models differ, in one sentence.

    Args:
        run: The other one.
        difference: How far this one is ahead, as a fraction.
        level: Share of the draws within the interval; a smaller p than what is left counts as a difference.
        measure: By what they are compared.
    """
    values = {
        "run": run,
        "measure": measure_word(measure),
        "value": f"{100 * difference.value:+.2f}",
        "low": f"{100 * difference.low:+.2f}",
        "high": f"{100 * difference.high:+.2f}",
        "p": f"{difference.p:.4f}",
        "level": f"{100 * level:g}",
    }
    if difference.p > 1 - level:
        return word("no_difference", **values)
    return word("better" if difference.value > 0 else "worse", **values)


def add_comparison(page: Page, comparison: tuple[str, Difference] | None, level: float, measure: str) -> None:
    """Say in a report whether its model differs from another run's; nothing where none was compared."""
    if comparison is not None:
        said = element("p", verdict(*comparison, level, measure))
        page.add(element("h2", word("comparison")), element("div", said, class_="card verdict"))
