"""Golden examples: chosen, written, asked again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tengjia.bundle.filelist import write_filelist
from tengjia.bundle.folder import Bundle
from tengjia.bundle.golden import Golden, GoldenExample, read_golden, same, verify_golden, write_golden
from tengjia.errors import CheckpointError

from .sample import write_sample_bundle


def _refuse() -> list[str]:
    raise AssertionError("the test part was read")


def test_the_sample_needs_no_corpus() -> None:
    texts = Golden(Golden.Config()).texts(_refuse, seed=1)
    assert len(texts) == 20
    assert len(set(texts)) == 20
    assert Golden(Golden.Config(count=3)).texts(_refuse, seed=1) == texts[:3]
    assert Golden(Golden.Config(source="none")).texts(_refuse, seed=1) == []


def test_test_texts_are_chosen_by_the_seed() -> None:
    golden = Golden(Golden.Config(source="test", count=5))
    texts = [f"第{number}句" for number in range(100)]
    chosen = golden.texts(lambda: texts, seed=1)
    assert len(set(chosen)) == 5
    assert chosen == golden.texts(lambda: reversed(texts), seed=1)
    assert chosen != golden.texts(lambda: texts, seed=2)
    assert golden.texts(lambda: ["一", "一"], seed=1) == ["一"]


@pytest.mark.parametrize(
    ("found", "equal"),
    [
        ([{"text": "林清远", "score": 0.9876}], True),
        ([{"text": "林清远", "score": 0.98765}], True),
        ([{"text": "林清远", "score": 0.98}], False),
        ([{"text": "林清", "score": 0.9876}], False),
        ([{"text": "林清远", "score": 0.9876, "more": 1}], False),
        ([], False),
        (None, False),
    ],
)
def test_parity_tells_each_difference(tmp_path: Path, found: Any, equal: bool) -> None:
    bundle = Bundle.open(write_sample_bundle(tmp_path / "bundle"))
    differences = verify_golden(bundle, lambda texts: [found for _ in texts])
    assert [difference.found for difference in differences] == ([] if equal else [found])
    if not equal:
        assert differences[0].line == 1
        assert differences[0].text == "林清远"


@pytest.mark.parametrize("value", [1, True, None, "1", 1.0, [1], {"a": 1}])
def test_same_is_strict_about_kinds(value: Any) -> None:
    others = [1, True, None, "1", [1], {"a": 1}, [1, 1], {"b": 1}, {"a": 2}, 2, "2"]
    assert same(value, value)
    equal = [other for other in others if same(value, other)]
    assert [repr(other) for other in equal] == [repr(1 if isinstance(value, float) else value)]


def test_questions_of_two_texts_come_back_as_they_were_asked(tmp_path: Path) -> None:
    pairs = [("甲", "乙"), ("丙", "丁"), ("甲", "乙")]
    assert Golden(Golden.Config(source="test")).texts(lambda: pairs, seed=1) == [("丙", "丁"), ("甲", "乙")]
    folder = write_sample_bundle(tmp_path / "bundle")
    write_golden(folder, [GoldenExample(pair, 0.5) for pair in pairs])
    write_filelist(folder)
    bundle = Bundle.open(folder)
    assert [example.text for example in read_golden(bundle)] == pairs
    assert verify_golden(bundle, lambda asked: [0.5 if one in pairs else 0.0 for one in asked]) == []


@pytest.mark.parametrize("question", ["3", "null", "[]", '["one"]', '["one", 2]', '[["a"], "b"]', '{"a": "b"}'])
def test_a_broken_line_is_told(tmp_path: Path, question: str) -> None:
    folder = write_sample_bundle(tmp_path / "bundle")
    (folder / "golden.jsonl").write_text(f'{{"text": "a", "answer": []}}\n{{"text": {question}, "answer": []}}\n')
    write_filelist(folder)
    with pytest.raises(CheckpointError) as caught:
        read_golden(Bundle.open(folder))
    assert caught.value.code == "bundle.bad_json"
    assert "golden.jsonl:2" in str(caught.value)
