"""Folds: every example is held out once, what belongs together stays together, and sizes are as equal as may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.contracts import Rejects
from tengjia.data.example import Example
from tengjia.data.folds import Fold, deal, fold_of
from tengjia.data.rejects import CollectedRejects
from tengjia.errors import DataError

PARTS = ("train", "development", "test")


@dataclass
class Rows:
    """A corpus in memory; its rows are told bad once in a while."""

    rows: dict[str, Sequence[Example]]

    def parts(self) -> dict[str, Sequence[Path]]:
        return {part: [Path(f"{part}.txt")] for part in self.rows}

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        rejects.add("data.bad_text", file=part, line=1, text="", found="")
        yield from self.rows[part]


def example(number: int, group: str = "", text: str = "") -> Example:
    return Example(text or f"text {number}", (), f"{group or 'a'}.txt", number, extra={"group": group or str(number)})


def cut(rows: dict[str, Sequence[Example]], fold: Fold) -> list[dict[str, list[int]]]:
    """Of each fold the lines in each part."""
    found = []
    for number in range(fold.folds):
        corpus = fold_of(Rows(rows), replace(fold, number=number))
        found.append({part: [one.line for one in corpus.read(part, CollectedRejects())] for part in corpus.parts()})
    return found


@given(
    groups=st.lists(st.integers(0, 12), min_size=1, max_size=60),
    folds=st.integers(2, 6),
    seed=st.integers(-3, 3),
    development=st.sampled_from([0.0, 0.1, 0.4]),
)
def test_each_example_is_held_out_once_and_groups_stay_whole(
    groups: list[int], folds: int, seed: int, development: float
) -> None:
    rows = [example(number, f"g{group}") for number, group in enumerate(groups)]
    corpus = {"train": rows[::2], "development": rows[1::2], "test": [example(999)]}
    fold = Fold(folds, 0, by="group", group="group", development=development, seed=seed)
    if len(set(groups)) < folds:
        with pytest.raises(DataError) as caught:
            cut(corpus, fold)
        assert caught.value.code == "corpus.too_few_groups"
        return
    found = cut(corpus, fold)
    assert Counter(line for parts in found for line in parts["test"]) == Counter(range(len(rows)))
    for parts in found:
        assert ("development" in parts) == (development > 0)
        assert sorted(line for lines in parts.values() for line in lines) == list(range(len(rows)))
        assert parts["test"] and parts["train"]
        sides = [{groups[line] for line in lines} for lines in parts.values()]
        assert sum(map(len, sides)) == len(set.union(*sides))
    largest = max(Counter(groups).values())
    sizes = [len(parts["test"]) for parts in found]
    assert max(sizes) - min(sizes) <= largest


@given(st.dictionaries(st.binary(min_size=1, max_size=4), st.integers(1, 30), min_size=1), st.integers(2, 9))
def test_dealing_is_even(sizes: dict[bytes, int], folds: int) -> None:
    dealt = deal(sizes, folds)
    assert dealt.keys() == sizes.keys() and set(dealt.values()) == set(range(min(folds, len(sizes))))
    filled = [sum(size for key, size in sizes.items() if dealt[key] == number) for number in range(folds)]
    assert max(filled) - min(filled) <= max(sizes.values())


def test_the_cut_depends_on_the_seed_not_on_the_order() -> None:
    rows = [example(number) for number in range(100)]
    once, again = (cut({"train": order}, Fold(5, 0, seed=7)) for order in (rows, rows[::-1]))
    assert [{part: sorted(lines) for part, lines in one.items()} for one in again] == once
    assert cut({"train": rows}, Fold(5, 0, seed=8)) != once
    assert [len(parts["test"]) for parts in once] == [20] * 5
    assert [len(parts["development"]) for parts in once] == [8] * 5
    assert len({line for parts in once for line in parts["development"]}) > 20  # not always the same ones


def test_equal_texts_are_never_in_two_parts_unless_their_further_texts_differ() -> None:
    rows = [replace(example(n, text=f"Text{n % 10}！"), extra={"second": f"s{n % 30}"}) for n in range(60)]
    for texts, units in (((), 10), (("second",), 30)):
        found = cut({"train": rows}, Fold(5, 0, texts=texts, development=0.2))
        for parts in found:
            keys = [{n % units for n in lines} for lines in parts.values()]
            assert sum(map(len, keys)) == units


def test_whole_files_stay_together() -> None:
    rows = [example(number, "abcdef"[number % 6]) for number in range(60)]
    for parts in cut({"train": rows}, Fold(3, 0, by="file", development=0.25)):
        assert all(len(lines) % 10 == 0 for lines in parts.values())


def test_bad_rows_are_told_once() -> None:
    corpus = fold_of(
        Rows({"train": [example(n) for n in range(9)], "development": [example(n) for n in range(20, 25)]}), Fold(3, 1)
    )
    told = {part: CollectedRejects() for part in PARTS}
    for part in PARTS:
        assert list(corpus.read(part, told[part]))
    assert {part: len(rejects.records) for part, rejects in told.items()} == {"train": 2, "development": 0, "test": 0}


def test_an_example_without_a_group_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [example(1), replace(example(2), file="data.csv", extra={"page": "3"})]
    with pytest.raises(DataError) as caught:
        cut({"train": rows}, Fold(2, 0, by="group", group="group"))
    assert str(caught.value).startswith("data.csv:2") and "it has: page" in caught.value.message
    assert "reader.extra=[group]" in caught.value.hint
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert "没有用来分折的列" in caught.value.message
