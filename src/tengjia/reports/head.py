"""The beginning of every page about a test: who was tested, where, and what must be known to read the scores."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from tengjia.metrics.resampling import Difference
from tengjia.reports.comparison import add_comparison
from tengjia.reports.page import Page
from tengjia.reports.parts import add_notes
from tengjia.reports.words import word


@dataclass(frozen=True)
class ReportHead:
    """What the page of a test says besides the scores."""

    run: str
    """Identity of the run."""

    place: str
    """Application, task and part."""

    model: str
    """Name of the model."""

    worst: int
    """How many of the wrong answers to show."""

    comparison: tuple[str, Difference] | None = None
    """Another run, and how far this one is ahead of it."""

    notes: Sequence[str] = ()
    """What must be known to read the scores rightly; stands above them."""

    def page(self, lead: str, more: Sequence[str] = ()) -> Page:
        """The page, up to the scores.

        Args:
            lead: How much of what was tested.
            more: Further notes.
        """
        page = Page(word("test_title", run=self.run), eyebrow=self.place, lead=lead)
        add_notes(page, [*self.notes, *more])
        return page

    def add_comparison(self, page: Page, level: float, measure: str) -> None:
        """Say whether the model differs from the other run's; nothing where none was compared.

        Args:
            page: This page.
            level: Share of the draws within an interval.
            measure: The measure that was compared.
        """
        add_comparison(page, self.comparison, level, measure)

    @staticmethod
    def now() -> str:
        """The time of the test, to the minute."""
        return time.strftime("%Y-%m-%d %H:%M")
