"""BLEU and chrF against sacrebleu itself."""

from __future__ import annotations

from typing import Any

import numpy
import pytest
import sacrebleu
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics import BLEU, CHRF

from tengjia.data.target_pieces import TargetPieces
from tengjia.metrics.text_overlap import WIDTH, TextOverlap, bleu, chrf, sentence_bleu
from tengjia.registry import evaluators

WORDS = ["the", "cat", "sat", "on", "a", "mat", ".", "12,000", "don't", "猫", "坐在垫子上。", "Tom's"]
texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


@settings(deadline=None, max_examples=120)
@given(
    pairs=st.lists(st.tuples(texts, texts), min_size=1, max_size=6),
    words=st.sampled_from(["13a", "zh", "char", "none"]),
)
def test_figures_are_those_of_sacrebleu(pairs: list[tuple[str, str]], words: Any) -> None:
    ours, references = [one for one, _ in pairs], [[other for _, other in pairs]]
    overlap = TextOverlap(words)
    counts = sum((overlap.counts(*pair) for pair in pairs), numpy.zeros(WIDTH, numpy.int64))
    metric = BLEU(tokenize=words)
    assert float(bleu(counts)) * 100 == pytest.approx(metric.corpus_score(ours, references).score, abs=1e-9)
    assert float(chrf(counts)) * 100 == pytest.approx(CHRF().corpus_score(ours, references).score, abs=1e-9)
    assert overlap.signature == str(metric.get_signature())
    first = TextOverlap(words).counts(*pairs[0])
    alone = BLEU(tokenize=words, effective_order=True).sentence_score(pairs[0][0], [pairs[0][1]]).score
    assert sentence_bleu(first) * 100 == pytest.approx(alone, abs=1e-9)


def test_many_sums_at_once() -> None:
    """The figures take any leading shape, as resampling gives it."""
    overlap = TextOverlap("13a")
    counts = numpy.stack(
        [overlap.counts("the cat sat on the mat .", "the cat sat on a mat ."), overlap.counts("", "a b")]
    )
    assert bleu(counts[None]).shape == (1, 2)
    assert bleu(counts)[0] == pytest.approx(
        sacrebleu.sentence_bleu("the cat sat on the mat .", ["the cat sat on a mat ."]).score / 100
    )
    assert bleu(counts)[1] == chrf(counts)[1] == 0.0


def pieces(*, chinese: bool = False) -> TargetPieces:
    return TargetPieces(("<pad>", "<unk>", "<s>", "</s>", "猫", "坐", "垫", "上"), 2, 3, chinese=chinese)


def test_the_evaluator_reads_texts_up_to_their_end() -> None:
    """What stands after the end piece, borders and padding do not count; ranks can be summed."""
    evaluator = evaluators.build({"name": "bleu"}, labels=pieces(chinese=True))
    assert "tok:zh" in evaluator.signature
    gold = torch.tensor([[4, 5, 6, 7, 3], [7, 6, 5, 4, 3]])
    mask = torch.ones_like(gold, dtype=torch.bool)
    evaluator.update(torch.tensor([[4, 5, 6, 7, 3, 4, 4], [7, 6, 5, 4, 3, 0, 0]]), gold, mask)
    assert evaluator.compute() == {"bleu": pytest.approx(1.0), "chrf": pytest.approx(1.0)}
    first = evaluator.statistics()
    evaluator.reset()
    assert evaluator.compute() == {"bleu": 0.0, "chrf": 0.0}
    evaluator.update(torch.tensor([[5, 5, 3]]), gold[:1], mask[:1])
    both = evaluator.compute(first + evaluator.statistics())
    assert 0.0 < both["bleu"] < 1.0
    assert "tok:13a" in evaluators.build({"name": "bleu"}, labels=pieces()).signature
    assert "tok:char" in evaluators.build({"name": "bleu", "words": "char"}, labels=pieces()).signature


def test_perplexity_is_the_exponential_of_the_mean() -> None:
    """Of gold pieces alone; padding does not count."""
    evaluator = evaluators.build({"name": "perplexity"}, labels=pieces())
    logs = torch.tensor([[0.5, 0.25, 0.1], [0.125, 1e-9, 1e-9]]).log()
    gold = torch.tensor([[4, 5, 3], [3, 0, 0]])
    best = torch.tensor([[4, 6, 3], [3, 0, 0]])
    evaluator.update((logs, best), gold, torch.tensor([[True, True, False], [True, False, False]]))
    found = evaluator.compute()
    assert found["perplexity"] == pytest.approx(4.0) and found["piece_accuracy"] == pytest.approx(2 / 3)
    assert evaluator.compute(2 * evaluator.statistics()) == found
    evaluator.reset()
    assert evaluator.compute()["piece_accuracy"] == 0.0
