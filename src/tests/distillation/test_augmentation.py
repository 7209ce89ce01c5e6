"""Changed texts: a function of (seed, round, copy, index), and of nothing else."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tengjia.data.pool import Workforce
from tengjia.distillation.augmentation import Augmentation, Changes, chunks_of
from tengjia.distillation.words import FIXED, WordPools, words_of

TEXTS = (
    "how long should i cook the steak for",
    "what's the weather like in new york today?",
    "请问这个岗位需要多少年工作经验？",
    "五险一金什么时候开始交",
    "book 2 tickets to boston quickly",
    "ok",
    "公司在哪里，坐地铁方便吗",
)
POOLS = WordPools.of(TEXTS)
MASK = Augmentation.Config().mask_symbol


def augmentation(seed: int = 1, **changes: object) -> Augmentation:
    return Augmentation(Augmentation.Config(**changes), POOLS, seed)  # type: ignore[arg-type]


def all_changed(workers: int, size: int) -> list[str]:
    chunks = list(chunks_of(TEXTS, 3, 2, size))
    with Workforce(Changes, (Augmentation.Config(), POOLS, 1), workers=workers) as workforce:
        return [text for found in workforce.map(chunks, str) for text in found]


@pytest.mark.parametrize(("workers", "size"), [(1, 3), (1, 100), (2, 2)])
def test_neither_workers_nor_chunks_change_anything(workers: int, size: int) -> None:
    wanted = [augmentation().changed(text, 3, copy, index) for copy in range(2) for index, text in enumerate(TEXTS)]
    assert all_changed(workers, size) == wanted


def test_everything_counts_for_what_comes_out() -> None:
    text = TEXTS[0]
    found = {
        augmentation(seed, replace=0.3).changed(text, round, copy, index)
        for seed in range(3)
        for round in range(3)
        for copy in range(3)
        for index in range(3)
    }
    assert len(found) > 50


@given(st.text(max_size=40), st.integers(0, 5))
@settings(deadline=None, max_examples=150)
def test_any_text_can_be_changed(text: str, index: int) -> None:
    found = augmentation().changed(text, 0, 0, index)
    assert isinstance(found, str) and (found or not text.strip() or found == text)


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=150)
def test_words_joined_are_the_text(text: str) -> None:
    from tengjia.text.pieces import encodable

    assert "".join(word.text for word in words_of(text)) == encodable(text)


@pytest.mark.parametrize("text", TEXTS)
def test_a_changed_text_is_another(text: str) -> None:
    assert all(augmentation().changed(text, round, 0, 0) not in {text, ""} for round in range(50))


def test_masks_stand_for_words_as_often_as_they_should() -> None:
    text = "alpha beta gamma delta epsilon zeta eta theta iota kappa"
    only = augmentation(mask=0.2, replace=0.0, cut=0.0)
    found = [only.changed(text, round, 0, 0).split() for round in range(400)]
    assert all(len(words) == 10 for words in found)
    assert all(word in {MASK, right} for words in found for word, right in zip(words, text.split()))
    share = sum(word == MASK for words in found for word in words) / 4000
    # A text that no mask hit is drawn anew: 0.2 / (1 - 0.8 ** 10).
    assert share == pytest.approx(0.224, abs=0.02)


def test_a_word_gives_place_to_one_of_its_kind() -> None:
    only = augmentation(mask=0.0, replace=0.6, cut=0.0)
    for text in TEXTS[:5]:
        before = words_of(text)
        for round in range(20):
            after = words_of(only.changed(text, round, 0, 0))
            if len(after) != len(before):
                continue  # neighbours were joined to another word
            for old, new in zip(before, after):
                if old.tag in {None, FIXED}:
                    assert old == new
    assert {word.tag for word in words_of("the cat is running quickly to 3 shops")} == {
        *(None, FIXED, "word-", "word-ing", "word-ly", "number", "word-s")
    }


def test_a_cut_leaves_neighbouring_words() -> None:
    text = "one two three four five six seven eight nine ten eleven twelve"
    only = augmentation(mask=0.0, replace=0.0, cut=1.0, shortest=3, longest=5)
    lengths = Counter()
    for round in range(200):
        found = only.changed(text, round, 0, 0)
        assert f" {found} " in f" {text} "
        lengths[len(found.split())] += 1
    assert set(lengths) == {3, 4, 5} and min(lengths.values()) > 30


def test_frequent_words_come_more_often() -> None:
    pools = WordPools.of(["stop"] * 3 + ["jump"])
    drawn = Counter(pools.draw("word-", chance / 100) for chance in range(100))
    assert drawn == {"stop": 75, "jump": 25}
    assert WordPools.of(["jump", "stop", "stop", "stop"]).words == pools.words


def test_chinese_is_tagged_by_jieba() -> None:
    tags = {word.text: word.tag for word in words_of("公司在北京，工资多少？")}
    assert tags["公司"] == "n" and tags["北京"] == "ns" and tags["，"] == FIXED
