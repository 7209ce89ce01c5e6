"""What counts as the same answer."""

from __future__ import annotations

from typing import Any

import pytest

from tengjia.exporting.parity import changes, compare

ENTITY = {"text": "林清远", "type": "NAME", "start": 0, "end": 3, "score": 0.9, "status": "confirmed", "reason": ""}
WEAK = {**ENTITY, "score": 0.5004, "status": "confirmed"}
PASSED = {**ENTITY, "start": 5, "end": 8, "score": 0.2, "status": "suspected", "reason": "passed_over"}


@pytest.mark.parametrize(
    ("expected", "found", "tolerance", "suspicions", "same"),
    [
        ([], [], 0.0, True, True),
        ([ENTITY], [ENTITY], 0.0, True, True),
        ([ENTITY], [], 1.0, True, False),
        ([], [ENTITY], 1.0, True, False),
        ([ENTITY], [{**ENTITY, "score": 0.9009}], 1e-3, True, True),
        ([ENTITY], [{**ENTITY, "score": 0.9011}], 1e-3, True, False),
        ([ENTITY], [{**ENTITY, "score": 0.1}], float("inf"), True, True),
        ([ENTITY], [{**ENTITY, "end": 4}], 1.0, True, False),
        ([ENTITY], [{**ENTITY, "type": "ORG"}], 1.0, True, False),
        ([ENTITY], [{**ENTITY, "text": "林清"}], 1.0, True, False),
        ([ENTITY], [{**ENTITY, "status": "suspected"}], 1e-3, True, False),
        ([WEAK], [{**WEAK, "score": 0.4998, "status": "suspected", "reason": "low_score"}], 1e-3, True, True),
        ([ENTITY, PASSED], [ENTITY], 1.0, True, False),
        ([ENTITY, PASSED], [ENTITY], 1.0, False, True),
        ([ENTITY], [ENTITY, PASSED], 1.0, False, True),
    ],
)
def test_cases(expected: Any, found: Any, tolerance: float, suspicions: bool, same: bool) -> None:
    comparison = compare(
        ["a", "b"], [[], expected], [[], found], tolerance=tolerance, least_score=0.5, suspicions=suspicions
    )
    assert (comparison.disagreements == ()) is same
    if not same:
        assert [difference.number for difference in comparison.disagreements] == [2]
        assert comparison.disagreements[0].how


def test_figures() -> None:
    others = [{**ENTITY, "score": 0.8, "status": "suspected"}, {**PASSED, "reason": "low_score", "score": 0.5}]
    comparison = compare(
        ["a"], [[ENTITY, {**PASSED, "reason": ""}]], [others], tolerance=1.0, least_score=0.5, suspicions=False
    )
    assert (comparison.texts, comparison.entities, comparison.statuses) == (1, 2, 1)
    assert comparison.largest == pytest.approx(0.3) and comparison.mean == pytest.approx(0.2)


def test_changes_are_shown_side_by_side() -> None:
    other = {**ENTITY, "end": 4, "text": "林清远，"}
    assert changes([ENTITY], [other], 0.0) == ("-[林清远]NAME 0–3 0.9 confirmed +[林清远，]NAME 0–4 0.9 confirmed")
    assert changes({"any": 1}, None, 0.0) == '-{"any": 1} +null'
    assert changes([1, 2], [2, 3], 0.0) == "-1 +3"
    assert changes([ENTITY] * 9, [], 0.0).count("-[") == 3
