"""Beam search, greedy choice and sampling against everything that could be written."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from src.tests.generation.toys import BORDERS, Table, source
from tengjia.errors import ConfigurationError
from tengjia.layers.generation.best import best
from tengjia.layers.generation.generate import generate
from tengjia.layers.generation.options import Generation
from tengjia.layers.generation.stepwise import drawn

PLAIN = Generation.Config(maximum_length=4, longest_ratio=None)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    penalty=st.sampled_from(["simple", "gnmt"]),
    power=st.sampled_from([0.0, 0.6, 1.0, 1.7]),
)
def test_a_wide_beam_finds_the_best_of_all_texts(seed: int, penalty: str, power: float) -> None:
    """With as many hypotheses as there are texts, beam search is a search through all of them."""
    config = replace(PLAIN, beams=81, length_penalty=power, penalty=penalty, stopping="certain")
    table = Table(7, seed)
    sources = source([1, 1, 1], pieces=7, seed=seed)
    found = generate(table, sources, config, borders=BORDERS)
    for sentence, hypotheses in zip(sources.ids[:, 0].tolist(), found, strict=True):
        expected = table.every_text(sentence, 4, Generation(config))
        assert len(hypotheses) == 81
        for one, (score, text) in zip(hypotheses[:20], expected, strict=False):
            assert one.pieces == text
            assert one.score == pytest.approx(score, abs=1e-5)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), beams=st.integers(1, 4), power=st.sampled_from([0.0, 1.0]))
def test_certain_stopping_loses_nothing(seed: int, beams: int, power: float) -> None:
    """A search that stops when nothing better can come finds what one finds that never stops early."""
    table, sources = Table(6, seed), source([1, 1], seed=seed)
    config = replace(PLAIN, beams=beams, length_penalty=power, maximum_length=8, stopping="certain")
    stopped = generate(table, sources, config, borders=BORDERS)
    # With a least length of its greatest nothing ends before; so compare by searching with the bound switched off.
    unstopped = _never_stopping(table, sources, config)
    assert [[one.pieces for one in row[:1]] for row in stopped] == [
        [one.pieces for one in row[:1]] for row in unstopped
    ]


def _never_stopping(table: Table, sources: object, config: Generation.Config) -> list:
    from tengjia.layers.generation import beam

    class Patient(beam._Search):
        def _finished(self, steps: int) -> torch.Tensor:
            return self.totals[:, 0] == -torch.inf

    generation = Generation(config)
    limits = torch.full((len(sources.ids),), config.maximum_length)  # type: ignore[attr-defined]
    search = Patient(table.begin(sources), limits, generation, BORDERS)  # type: ignore[arg-type]
    while search.step():
        pass
    return search.results


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    method=st.sampled_from(["beam", "greedy", "sampling"]),
    count=st.integers(1, 9),
    beams=st.integers(1, 5),
)
def test_batch_mates_change_nothing(seed: int, method: str, count: int, beams: int) -> None:
    """Each answer is that of the text alone, whatever leaves the batch before it."""
    table, sources = Table(6, seed, sharpness=1.0), source([1] * count, seed=seed)
    config = replace(PLAIN, method=method, beams=beams, maximum_length=7, seed=seed)
    together = generate(table, sources, config, borders=BORDERS)
    for row in range(count):
        alone = replace(sources, ids=sources.ids[row : row + 1], mask=sources.mask[row : row + 1])
        assert generate(table, alone, config, borders=BORDERS, numbers=[row])[0] == together[row]


def test_limits_follow_each_source() -> None:
    """`longest_ratio` cuts by the length of a text's own source."""
    table, sources = Table(6, 3), source([1, 5])
    sources.ids[:, 0] = 4
    config = replace(PLAIN, method="greedy", maximum_length=100, longest_ratio=2.0)
    never_ending = replace(config, minimum_length=0)
    assert Generation(never_ending).limit(1) == 12 and Generation(never_ending).limit(5) == 20
    forced = replace(config, minimum_length=15, maximum_length=100)
    lengths = [len(row[0].pieces) for row in generate(table, sources, forced, borders=BORDERS)]
    assert lengths[0] == 15 and 15 <= lengths[1] <= 20


@pytest.mark.parametrize("method", ["beam", "greedy", "sampling"])
def test_what_may_not_be_written(method: str) -> None:
    """Padding, unknown, short texts and repeated pairs of pieces do not occur; the end piece is not part of a text."""
    config = replace(PLAIN, method=method, maximum_length=12, minimum_length=5, no_repeat_ngram=2)
    for hypotheses in generate(Table(8, 1, 1.0), source([1] * 20, pieces=8), config, borders=BORDERS):
        for one in hypotheses:
            assert 5 <= len(one.pieces) <= 12
            assert not {0, 1, 3} & set(one.pieces)
            pairs = list(zip(one.pieces, one.pieces[1:]))
            assert len(pairs) == len(set(pairs))


def test_a_repetition_penalty_makes_repetition_rarer() -> None:
    """Of many texts, fewer pieces stand twice."""

    def repeated(penalty: float) -> int:
        config = replace(PLAIN, method="greedy", maximum_length=10, minimum_length=9, repetition_penalty=penalty)
        found = generate(Table(30, 5, 1.0), source([1] * 40, pieces=30), config, borders=BORDERS)
        return sum(len(row[0].pieces) - len(set(row[0].pieces)) for row in found)

    assert repeated(3.0) < repeated(1.0)


def test_a_beam_of_one_is_greedy() -> None:
    """Both write the same."""
    table, sources = Table(9, 2, 1.0), source([1] * 12, pieces=9)
    beam = generate(table, sources, replace(PLAIN, beams=1, maximum_length=9, stopping="full"), borders=BORDERS)
    greedy = generate(table, sources, replace(PLAIN, method="greedy", maximum_length=9), borders=BORDERS)
    assert [row[0].pieces for row in beam] == [row[0].pieces for row in greedy]


def test_what_is_drawn_has_the_probabilities_of_the_model() -> None:
    """Over many draws every piece comes as often as its probability says."""
    logs = torch.tensor([0.5, 0.3, 0.15, 0.05]).log().expand(20000, -1)
    draws = torch.from_numpy(numpy.random.default_rng(1).random(20000))
    counts = Counter(drawn(logs, draws, temperature=1.0, top_k=None, top_p=1.0).tolist())
    assert [counts[piece] / 20000 for piece in range(4)] == pytest.approx([0.5, 0.3, 0.15, 0.05], abs=0.01)
    cut = Counter(drawn(logs, draws, temperature=1.0, top_k=None, top_p=0.75).tolist())
    assert set(cut) == {0, 1} and cut[0] / 20000 == pytest.approx(0.625, abs=0.01)
    assert set(drawn(logs, draws, temperature=1.0, top_k=3, top_p=1.0).tolist()) == {0, 1, 2}
    assert set(drawn(logs, draws, temperature=1.0, top_k=None, top_p=1e-6).tolist()) == {0}
    assert set(drawn(logs, draws, temperature=1e-4, top_k=None, top_p=1.0).tolist()) == {0}


def test_sampling_follows_its_seed() -> None:
    """The same seed draws the same, another one something else."""
    table, sources = Table(9, 4, 0.5), source([1] * 8, pieces=9)
    config = replace(PLAIN, method="sampling", maximum_length=9)
    once, again, other = (generate(table, sources, replace(config, seed=seed), borders=BORDERS) for seed in (1, 1, 2))
    assert once == again != other


@settings(max_examples=40, deadline=None)
@given(rows=st.integers(1, 5), width=st.integers(1, 3000), count=st.integers(1, 10), seed=st.integers(0, 99))
def test_the_best_are_those_of_a_full_sort(rows: int, width: int, count: int, seed: int) -> None:
    """In blocks or not, the greatest are found, with their places."""
    scores = torch.randn(rows, width, generator=torch.Generator().manual_seed(seed))
    scores[:, ::7] = -torch.inf
    values, places = best(scores, count)
    assert torch.equal(values, scores.sort(-1, descending=True).values[:, :count])
    assert torch.equal(scores.gather(1, places), values)
    finite = [place for place, value in zip(places[0].tolist(), values[0].tolist()) if value > -torch.inf]
    assert len(set(finite)) == len(finite)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"beams": 0}, "generation.beams"),
        ({"top_p": 0.0}, "generation.top_p"),
        ({"top_p": float("nan")}, "generation.top_p"),
        ({"top_k": 0}, "generation.top_k"),
        ({"temperature": 0.0}, "generation.temperature"),
        ({"maximum_length": 0}, "generation.maximum_length"),
        ({"minimum_length": 9, "maximum_length": 3}, "generation.minimum_length"),
    ],
)
def test_options_that_make_no_sense_are_refused(changes: dict[str, object], key: str) -> None:
    """With their key and what is allowed."""
    with pytest.raises(ConfigurationError) as caught:
        generate(Table(6, 1), source([1]), Generation.Config(**changes), borders=BORDERS)  # type: ignore[arg-type]
    assert key in str(caught.value)


def test_nothing_to_read_gives_nothing() -> None:
    """An empty batch has no answers."""
    assert (
        generate(
            Table(6, 1),
            source([1])
            .to(torch.device("cpu"))
            .__class__(ids=torch.zeros(0, 1, dtype=torch.int64), mask=torch.zeros(0, 1, dtype=torch.bool)),
            PLAIN,
            borders=BORDERS,
        )
        == []
    )
