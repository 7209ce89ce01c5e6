"""Column files: schemes, separators, repairs, traps."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from src.tests.readers.support import read, written
from tengjia.data.labels import LabelSet
from tengjia.data.tags import TagScheme
from tengjia.errors import DataError

JOBS = "张 B-NAME\n三 E-NAME\n任 O\n总 B-JOB-TITLE\n裁 E-JOB-TITLE\n"


def rows(tags: str, separator: str = " ") -> str:
    """One row a tag, with the tokens a, b, c, ..."""
    return "".join(f"{chr(97 + at)}{separator}{tag}\n" for at, tag in enumerate(tags.split()))


SCHEMES = [
    ("bio", "B-X I-X O B-X B-Y I-Y", ["ab X", "d X", "ef Y"]),
    ("iob1", "I-X I-X O I-X B-X I-Y", ["ab X", "d X", "e X", "f Y"]),
    ("bioes", "B-X I-X E-X O S-Y", ["abc X", "e Y"]),
    ("bmes", "B-X M-X E-X O S-Y", ["abc X", "e Y"]),
    ("biluo", "B-X I-X L-X O U-Y", ["abc X", "e Y"]),
    ("auto", "B-X M-X E-X S-Y B-X I-X O U-Z B-X L-X", ["abc X", "d Y", "ef X", "h Z", "ij X"]),
    ("bmes", "B E S O B M E", ["ab SPAN", "c SPAN", "efg SPAN"]),
    ("bio", "B-a-b I-a-b B--", ["ab a-b", "c -"]),
    ("bio", "O O O", []),
]


@pytest.mark.parametrize(("scheme", "tags", "expected"), SCHEMES)
def test_schemes(tmp_path, scheme, tags, expected):
    outcome = read(written(tmp_path, rows(tags)), "columns", scheme=scheme)
    assert [f"{surface} {name}" for surface, name in outcome.spans[0]] == expected
    assert outcome.rejected == [] and outcome.noted == []


BROKEN = [
    ("bio", "I-X I-X O", "lenient", ["ab X"], 1),
    ("bio", "B-X I-Y I-Y", "lenient", ["a X", "bc Y"], 1),
    ("bio", "B-X I-Y I-Y", "strict", ["a X"], 1),
    ("bioes", "B-X I-X O", "lenient", ["ab X"], 1),
    ("bioes", "B-X I-X O", "strict", [], 1),
    ("bioes", "B-X B-X E-X", "lenient", ["a X", "bc X"], 1),
    ("bmes", "M-X E-X S-X", "lenient", ["ab X", "c X"], 1),
    ("bmes", "M-X E-X S-X", "strict", ["c X"], 1),
    ("bmes", "E-X O B-X", "lenient", ["a X", "c X"], 2),
    ("bmes", "B-X E-Y", "lenient", ["a X", "b Y"], 2),
    ("biluo", "L-X L-X U-X", "lenient", ["a X", "b X", "c X"], 2),
]


@pytest.mark.parametrize(("scheme", "tags", "repair", "expected", "count"), BROKEN)
def test_broken_sequences_are_mended_by_a_named_rule_and_counted(tmp_path, scheme, tags, repair, expected, count):
    outcome = read(written(tmp_path, rows(tags)), "columns", scheme=scheme, repair=repair)
    assert [f"{surface} {name}" for surface, name in outcome.spans[0]] == expected
    assert outcome.noted == ["data.repaired_tags"] * count
    assert f"rule {repair}" in outcome.records.records[0].problem.message


def test_repair_error_refuses_the_sentence_and_names_the_line(tmp_path):
    path = written(tmp_path, rows("O O") + "\n" + rows("O I-X") + "\n" + rows("O"))
    outcome = read(path, "columns", scheme="bio", repair="error")
    assert outcome.texts == ["ab", "a"]
    assert outcome.rejected == [("data.broken_tags", 5)]


LAYOUTS = [
    ("a\tO\nb\tB-X\n", {}, "ab", ["b X"]),
    ("a O\nb B-X\n", {}, "ab", ["b X"]),
    ("a  \t O\nb\t\tB-X\n", {"separator": "whitespace"}, "ab", ["b X"]),
    ("a O\r\nb B-X\r\n\r\n", {}, "ab", ["b X"]),
    ("\ufeffa O\nb B-X", {}, "ab", ["b X"]),
    ("# said\na O\n# more\nb B-X\n", {"comment": "# "}, "ab", ["b X"]),
    ("# O\nb B-X\n", {}, "#b", ["b X"]),
    ("  O\nb B-X\n", {}, " b", ["b X"]),
    (" \tO\nb\tB-X\n", {"separator": "tab"}, " b", ["b X"]),
    ("\t\tO\nb\tB-X\n", {"separator": "tab"}, "\tb", ["b X"]),
    ("\t O\nb B-X\n", {"separator": "space"}, "\tb", ["b X"]),
    ("\u3000 O\nb B-X\n", {}, "\u3000b", ["b X"]),
    ("\u3000 O\nb  B-X\n", {"separator": "whitespace"}, "\u3000b", ["b X"]),
    ("\u2028 O\nb B-X\n", {}, "\u2028b", ["b X"]),
    ("\x85 O\n\x1cb B-X\n", {}, "\x85\x1cb", ["\x1cb X"]),
    ("New NNP B-NP B-LOC\nYork NNP I-NP I-LOC\n", {"joiner": " "}, "New York", ["New York LOC"]),
    ("1 a x B-X\n2 b x O\n", {"token_column": 1}, "ab", ["a X"]),
    ("B-X a\nO b\n", {"token_column": 1, "tag_column": 0}, "ab", ["a X"]),
    ("a\nb\n", {"tag_column": None}, "ab", []),
    ("a B_X\nb I_X\n", {"tag_delimiter": "_"}, "ab", ["ab X"]),
    ("a O \nb B-X \n", {}, "ab", ["b X"]),
    ("𠮷 B-X\n👍🏽 I-X\n", {}, "𠮷👍🏽", ["𠮷👍🏽 X"]),
]


@pytest.mark.parametrize(("content", "values", "text", "expected"), LAYOUTS)
def test_layouts(tmp_path, content, values, text, expected):
    outcome = read(written(tmp_path, content), "columns", **values)
    assert outcome.texts == [text]
    assert [f"{surface} {name}" for surface, name in outcome.spans[0]] == expected
    assert outcome.rejected == []


def test_offsets_of_tokens_cut_the_text(tmp_path):
    outcome = read(written(tmp_path, "Li B-X\nSi I-X\nsaid O\n"), "columns", joiner=" ")
    example = outcome.examples[0]
    assert [example.text[start:end] for start, end in example.tokens] == ["Li", "Si", "said"]
    assert (example.line, example.file) == (1, str(tmp_path / "corpus.txt"))


def test_sentences_end_at_blank_and_whitespace_lines_and_documents(tmp_path):
    content = "-DOCSTART- -X- O\n\na O\n \nb O\n\t\nc O\n\n\n-DOCSTART-\nd O\n"
    outcome = read(written(tmp_path, content), "columns", separator="space")
    assert [(e.text, e.line, e.extra["document"]) for e in outcome.examples] == [
        ("a", 3, "1"),
        ("b", 5, "1"),
        ("c", 7, "1"),
        ("d", 11, "2"),
    ]


FAULTS = [
    ("a O\nb\n", {}, ("data.missing_column", 2), "the line has 1 columns, and column -1 is wanted"),
    ("a\tO\n\tO\n", {}, ("data.empty_token", 2), "the token is empty"),
    ("a O\nb X-Y\n", {}, ("data.bad_tag", 2), "`X-Y` is no tag of the scheme auto"),
    ("a O\nb M-Y\n", {"scheme": "bio"}, ("data.bad_tag", 2), "allowed: O, B-TYPE, I-TYPE"),
    ("a O\nb B-\n", {}, ("data.bad_tag", 2), "`B-` is no tag"),
    ("a O\nb O x\n", {"tag_column": 2}, ("data.missing_column", 1), "the line has 2 columns, and column 2"),
    ("a O\n\0\0\0\n", {"encoding": "utf-8"}, ("data.nul_character", 2), "NUL"),
]


@pytest.mark.parametrize(("content", "values", "place", "words"), FAULTS)
def test_a_faulty_row_spoils_its_sentence_only(tmp_path, content, values, place, words):
    tail = "\n\nz\tO\tO\n" if "\t" in content else "\n\nz O O\n"
    outcome = read(written(tmp_path, content + tail), "columns", **values)
    assert outcome.rejected == [place]
    assert words in outcome.records.records[0].problem.message
    assert outcome.texts == ["z"]


def test_a_stream_without_blank_lines_is_given_in_parts_that_cut_no_span(tmp_path):
    tags = ["O", "B-X", "I-X"] * 1000
    content = "".join(f"{chr(97 + at % 26)} {tag}\n" for at, tag in enumerate(tags))
    outcome = read(written(tmp_path, content), "columns", max_tokens=100)
    assert "".join(outcome.texts) == "".join(chr(97 + at % 26) for at in range(3000))
    assert max(len(e.tokens) for e in outcome.examples) <= 100
    assert sum(len(e.spans) for e in outcome.examples) == 1000
    assert {s.end - s.start for e in outcome.examples for s in e.spans} == {2}
    assert [e.extra["part"] for e in outcome.examples] == [str(n) for n in range(1, len(outcome.examples) + 1)]
    assert outcome.noted == ["data.sentence_cut"]


def test_tokens_without_measure_are_given_in_parts(tmp_path):
    content = "".join(f"{'x' * 400} {tag}\n" for tag in ["O", "B-X", "I-X"] * 10)
    outcome = read(written(tmp_path, content), "columns", max_line=1000)
    assert max(len(e.text) for e in outcome.examples) <= 1200 and outcome.rejected == []
    assert sum(len(e.spans) for e in outcome.examples) == 10


def test_a_span_that_never_ends_is_refused(tmp_path):
    content = "a B-X\n" + "b I-X\n" * 200 + "\nz O\n"
    outcome = read(written(tmp_path, content), "columns", max_tokens=100)
    assert outcome.rejected == [("data.sentence_too_long", 101)]
    assert outcome.texts == ["z"]


@pytest.mark.parametrize("content", ["\n\n \n", "-DOCSTART-\n\n"])
def test_nothing_in_a_file_is_an_error(tmp_path, content):
    with pytest.raises(DataError, match="holds no example"):
        read(written(tmp_path, content), "columns")


@st.composite
def tagged(draw):
    scheme = draw(st.sampled_from(["bio", "bioes", "bmes", "biluo"]))
    character = st.characters(exclude_characters="\n\r\0\ufeff", exclude_categories=("Cs",))
    tokens = draw(st.lists(character, min_size=1, max_size=30))
    spans, at = [], 0
    while at < len(tokens):
        end = draw(st.integers(at + 1, min(len(tokens), at + 4)))
        if draw(st.booleans()):
            spans.append((at, end, draw(st.sampled_from(["X", "Y-Z"]))))
        at = end
    return scheme, tokens, spans


@settings(deadline=None, max_examples=50)
@given(tagged())
def test_what_is_written_is_read_back(tmp_path_factory, case):
    scheme, tokens, spans = case
    labels = LabelSet(scheme, ("X", "Y-Z"))
    tags = [labels.tags[number] for number in labels.encode(spans, len(tokens))]
    content = "".join(f"{token}\t{tag}\n" for token, tag in zip(tokens, tags))
    path = written(tmp_path_factory.mktemp("columns"), content)
    outcome = read(path, "columns", scheme=scheme, separator="tab", encoding="utf-8")
    assert outcome.texts == ["".join(tokens)]
    assert [tuple(span) for span in outcome.examples[0].spans] == spans


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(["bio", "bioes", "bmes", "biluo"]), st.lists(st.integers(0, 8), min_size=1, max_size=12))
def test_the_rules_are_those_of_the_label_sets(scheme, numbers):
    labels = LabelSet(scheme, ("X", "Y"))
    tags = [labels.tags[number % len(labels)] for number in numbers]
    ids = numpy.array([[labels.ids[tag] for tag in tags]])
    for repair in ("lenient", "strict"):
        rules = TagScheme(scheme, repair=repair)
        spans, _ = rules.spans([rules.parse(tag) for tag in tags])
        found = labels.decode(ids, repair=repair)
        expected = [(int(s), int(e), labels.types[int(k)]) for s, e, k in zip(found.start, found.end, found.type)]
        assert spans == expected
