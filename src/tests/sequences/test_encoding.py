"""Pairs of texts as rows and batches, and back to text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.tests.sequences.support import make_encoding
from tengjia.base_tasks.sequence_to_sequence.encoding import Encoding
from tengjia.base_tasks.sequence_to_sequence.segments import segments
from tengjia.base_tasks.sequence_to_sequence.spelling import is_mostly_chinese, prepared, spelled
from tengjia.data.arrow_tables import write_table
from tengjia.data.example import Example
from tengjia.data.rejects import CollectedRejects
from tengjia.errors import ConfigurationError


def example(text: str, target: str | None, line: int = 1) -> Example:
    extra = {} if target is None else {"target": target}
    return Example(text, file="some.tsv", line=line, extra=extra)


def rows_of(encoding: Encoding, found: list[Example]) -> tuple[Any, dict[str, int], CollectedRejects]:
    rejects = CollectedRejects()
    batch, odd = encoding.rows(found, numpy.arange(len(found), dtype=numpy.int32), rejects)
    return batch, dict(odd), rejects


@pytest.mark.parametrize("joint", [True, False])
@pytest.mark.parametrize("frame", ["end", "both", "none"])
def test_a_batch_holds_what_was_encoded(joint: bool, frame: Any, tmp_path: Path) -> None:
    encoding = make_encoding(joint=joint, source_frame=frame)
    found = [example("一二。", "one two."), example("三。", "three."), example("一二三。", "one two three.")]
    batch, _, _ = rows_of(encoding, found)
    write_table(tmp_path / "rows.arrow", encoding.schema(), iter([batch]))
    part = encoding.part(tmp_path / "rows.arrow")
    made: Any = part.batch(numpy.array([2, 0]))
    around = {"end": 1, "both": 2, "none": 0}[frame]
    for row, number in enumerate([2, 0]):
        target = made.target[row][made.target_mask[row]].tolist()
        assert target[0] == encoding.labels.begin and target[-1] == encoding.labels.end
        assert encoding.labels.text(target).strip() == found[number].extra["target"]
        ids = made.source.ids[row][made.source.mask[row]].tolist()
        assert len(ids) + len(target) == part.lengths[number]
        pieces = [encoding.texts.vocabulary.pieces[one] for one in ids]
        assert "".join(piece for piece in pieces if piece not in encoding.borders) == found[number].text
        assert sum(piece in encoding.borders for piece in pieces) == around
        assert part.weights[number] == len(target) - 1
    assert made.index.tolist() == [2, 0]
    assert encoding.labels.shared is joint


def test_one_setting_turns_the_direction_round() -> None:
    forward, backward = make_encoding(), make_encoding(reverse=True)
    one = example("一二。", "one two.")
    assert (forward.question(one), forward.reference(one)) == ("一二。", "one two.")
    assert (backward.question(one), backward.reference(one)) == ("one two.", "一二。")
    columns = make_encoding(source="en", target="text")
    assert columns.question(Example("一", extra={"en": "one"})) == "one"


@pytest.mark.parametrize(
    ("text", "target", "code"),
    [
        ("", "one.", "generation.no_text"),
        ("  ", "one.", "generation.no_text"),
        ("一。", "", "generation.no_text"),
        ("一。", None, "generation.no_text"),
        ("一。" * 40, "one.", "generation.too_long"),
        ("一。", "one " * 40, "generation.too_long"),
    ],
)
def test_pairs_that_make_no_sense_are_set_aside_with_file_and_line(text: str, target: str | None, code: str) -> None:
    encoding = make_encoding(maximum_length=12, target_maximum_length=12)
    batch, _, rejects = rows_of(encoding, [example("一。", "one."), example(text, target, 7)])
    assert batch.num_rows == 1
    (record,) = rejects.records
    assert (record.problem.code, record.problem.line) == (code, 7)


def test_too_long_pairs_can_be_cut_and_are_counted() -> None:
    encoding = make_encoding(maximum_length=6, target_maximum_length=6, too_long="cut")
    batch, odd, rejects = rows_of(
        encoding, [example("一" * 50, "one two three four five six"), example("一。", "one.")]
    )
    assert batch.num_rows == 2 and not rejects.records and odd["cut"] == 1
    assert len(batch.column("source")[0]) == 5 and len(batch.column("target")[0]) == 4
    assert any("1" in told.message for told in encoding.warnings(odd))


def test_unknown_characters_are_counted_and_told() -> None:
    encoding = make_encoding()
    batch, odd, _ = rows_of(encoding, [example("猫。", "Ω Ω Ω.")])
    assert batch.num_rows == 1 and odd["unknown_target_pieces"] >= 3
    assert encoding.warnings(odd)
    assert encoding.warnings({"target_pieces": 1000, "unknown_target_pieces": 1}) == []


@pytest.mark.parametrize("joint", [True, False])
def test_what_is_saved_is_what_is_loaded(joint: bool, tmp_path: Path) -> None:
    encoding = make_encoding(joint=joint, chinese=True)
    encoding.save(tmp_path)
    again = Encoding.load(tmp_path)
    assert again.config == encoding.config and again.borders == encoding.borders and again.chinese
    assert again.labels.pieces == encoding.labels.pieces and again.labels.shared is joint
    texts = ["一二三。", "one two.", "猫"]
    for ours, theirs in zip(encoding.encoded(texts), again.encoded(texts), strict=True):
        assert numpy.array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"maximum_length": 1}, "encoding.maximum_length"),
        ({"target_maximum_length": 2}, "encoding.target_maximum_length"),
    ],
)
def test_lengths_without_room_are_refused(values: dict[str, int], key: str) -> None:
    with pytest.raises(ConfigurationError, match=key):
        make_encoding(**values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tom  is\there. ", " Tom is here."),
        ("我爱你。", "我爱你。"),
        ("3 books", " 3 books"),
        ("“Hi”", "“Hi”"),
        ("", ""),
        (" \n ", ""),
        ("カナ", "カナ"),
    ],
)
def test_texts_are_prepared(text: str, expected: str) -> None:
    assert prepared(text) == expected


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["I", "love", "you", "."], "I love you."),
        (["我", "爱", "你", "。"], "我爱你。"),
        (["trans", "##lation", "(", "test", ")"], "translation (test)"),
        (["我", "用", "Python", "3", "写"], "我用Python 3写"),
        ([], ""),
    ],
)
def test_pieces_without_blanks_are_put_together(pieces: list[str], expected: str) -> None:
    assert spelled(pieces) == expected


def test_languages_are_told_apart() -> None:
    assert is_mostly_chinese(["他昨天买了三本书。", "Tom 来了"])
    assert not is_mostly_chinese(["He bought three books.", "李明 (Li Ming) came"])
    assert not is_mostly_chinese([])


@given(
    text=st.text(alphabet="ab 。.,，\n", max_size=60),
    room=st.integers(1, 9),
    every=st.booleans(),
)
def test_segments_hold_every_piece_once(text: str, room: int, every: bool) -> None:
    places = [number for number, character in enumerate(text) if not character.isspace()]
    starts, ends = places, [number + 1 for number in places]
    found = segments(text, starts, ends, room, every_sentence=every)
    covered = [number for start, end in found for number in places if start <= number < end]
    assert covered == places
    assert all(sum(start <= number < end for number in places) <= room for start, end in found)


def test_segments_end_at_sentences() -> None:
    text = "他来了。她没来！“为什么？”价格是3.5元。I see. Yes"
    places = [number for number, character in enumerate(text) if not character.isspace()]
    found = segments(text, places, [number + 1 for number in places], 12)
    assert [text[start:end] for start, end in found][:2] == ["他来了。她没来！", "“为什么？”"]
    single = segments(text, places, [number + 1 for number in places], 100, every_sentence=True)
    assert [text[start:end] for start, end in single] == [
        "他来了。", "她没来！", "“为什么？”", "价格是3.5元。", "I see.", "Yes",
    ]  # fmt: skip
