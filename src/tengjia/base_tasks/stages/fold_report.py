"""What comes of a cross-validation: flat results, a table for the terminal, a page."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from tengjia.base_tasks.stages.testing import say, shown
from tengjia.bundle.folder import Bundle
from tengjia.config import Settings
from tengjia.modules.tester.default import DefaultTester
from tengjia.reports.head import ReportHead
from tengjia.reports.page import Markup, element, html_table, joined
from tengjia.reports.terminal import table
from tengjia.reports.words import word
from tengjia.runs import RunFolder

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.base_task import Outcome

_MOST_COLUMNS: Final = 4
_ENDS: Final = ("_low", "_high")


@dataclass(frozen=True)
class Folds:
    """The folds of a cross-validation, all of them finished.

    Args:
        numbers: Of the folds.
        worths: Of each fold its `examples` (part -> count) and its `measures`.
        together: All held-out answers as one outcome.
    """

    numbers: Sequence[int]
    worths: Sequence[Mapping[str, Any]]
    together: Outcome

    @cached_property
    def measures(self) -> dict[str, list[float]]:
        """Every measure that all folds have, in the order of the first -> its figures."""
        each = [worth["measures"] for worth in self.worths]
        numbers = [name for name, value in each[0].items() if isinstance(value, int | float)]
        names = [name for name in numbers if not name.partition("/")[0].endswith(_ENDS)]
        return {name: [one[name] for one in each] for name in names if all(name in one for one in each)}

    @cached_property
    def columns(self) -> list[str]:
        """The measures that a table has room for: those of all examples that are no counts."""
        whole = [name for name, figures in self.measures.items() if "/" not in name and not _is_count(figures)]
        return whole[:_MOST_COLUMNS]

    def flat(self) -> dict[str, Any]:
        """Measures of all held-out answers together, then mean and spread over the folds."""
        result: dict[str, Any] = {"folds": len(self.numbers), **self.together.flat()}
        for name, figures in self.measures.items():
            stem, slash, kind = name.partition("/")
            result[f"{stem}_mean{slash}{kind}"], result[f"{stem}_spread{slash}{kind}"] = mean_and_spread(figures)
        return result

    def rows(self) -> list[list[str]]:
        """A row for each fold, then mean and spread."""
        parts = list(self.worths[0]["examples"])
        rows = []
        for number, worth in zip(self.numbers, self.worths):
            sizes = [str(worth["examples"].get(part, 0)) for part in parts]
            rows.append([str(number), *sizes, *(_shown(worth["measures"][name]) for name in self.columns)])
        pairs = [mean_and_spread(self.measures[name]) for name in self.columns]
        blank = [""] * len(parts)
        for place, name in enumerate(("mean", "spread")):
            rows.append([word(name), *blank, *(_shown(pair[place]) for pair in pairs)])
        return rows

    def header(self) -> list[str]:
        """What the columns are."""
        return [word("fold"), *(word(f"examples_{part}") for part in self.worths[0]["examples"]), *self.columns]


def mean_and_spread(figures: Sequence[float]) -> tuple[float, float]:
    """Mean and sample standard deviation of what is known; NaN of nothing."""
    known = [figure for figure in figures if math.isfinite(figure)]
    if not known:
        return math.nan, math.nan
    return statistics.fmean(known), statistics.stdev(known) if len(known) > 1 else 0.0


def publish(config: Settings, run: RunFolder, folds: Folds) -> dict[str, Any]:
    """Write result and page, tell the terminal, and give the flat results."""
    result = folds.flat()
    chief = next(iter(folds.together.flat()))
    result |= {"monitor": chief, "best_score": result[chief], "direction": "max"}
    file = run.write_result("cross_validate", result)
    count = word("folds", folds=len(folds.numbers))
    head = ReportHead(
        run=run.id,
        place=f"{config.app} · {config.task} · {count}",
        model=str(Bundle.open(run.folds / str(folds.numbers[-1]) / "bundle").config["model"]["name"]),
        worst=DefaultTester.Config.worst,
        notes=[_section(folds)],
    )
    report = folds.together.write_report(run.reports / f"{file.stem.replace('_result', '_report')}.html", head)
    rows = folds.rows()
    say(f"\n{table(folds.header(), rows, rules=[len(rows) - 2])}\n\n{folds.together.terminal_table()}\n")
    say(word("where_report", result=shown(file), report=shown(report)))
    return result


def _section(folds: Folds) -> Markup:
    rows = folds.rows()
    found = html_table(folds.header(), rows, totals=[len(rows) - 2])
    note = element("p", word("folds_note"), class_="note")
    return joined([element("h2", word("folds_title")), note, element("div", found, class_="card")])


def _is_count(figures: Sequence[float]) -> bool:
    """Whether figures are how many there were of something, not how good something is (which may well be 1.0)."""
    return all(isinstance(figure, int) or (figure.is_integer() and figure > 1) for figure in figures)


def _shown(figure: float) -> str:
    return f"{figure:.4f}" if math.isfinite(figure) else "–"
