"""From text to batches, and files that bring the encoding back."""

from __future__ import annotations

import itertools
import json

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tengjia.base_tasks.sequence_labeling.alignment import flat_spans
from tengjia.base_tasks.sequence_labeling.encoded import piece_ranges
from tengjia.base_tasks.sequence_labeling.encoding import Encoding
from tengjia.contracts import Tokens
from tengjia.data.labels import LabelSet
from tengjia.data.token_arrays import cut, joined
from tengjia.data.vocabulary import PairVocabulary, Vocabulary
from tengjia.errors import ConfigurationError, DataError, TengjiaError
from tests.preprocessing import support

LABELS = LabelSet("bmes", ("NAME", "ORG"))


class Syllables:
    """A real little subword tokenizer: words at blanks, pieces of two letters, the later ones marked `##`."""

    frame = ("[CLS]", "[SEP]")

    def tokenize(self, text: str) -> Tokens:
        pieces, starts, ends, words = [], [], [], []
        place = 0
        for word in text.split(" "):
            for first in range(0, len(word), 2):
                pieces.append(("##" if first else "") + word[first : first + 2])
                starts.append(place + first)
                ends.append(place + min(first + 2, len(word)))
                words.append(first == 0)
            place += len(word) + 1
        return Tokens(pieces, starts, ends, words)

    def fit(self, texts):
        """Nothing to learn."""

    def vocabulary(self):
        return ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "ab", "##cd", "##e", "x"]


def subword(**values) -> Encoding:
    tokenizer = Syllables()
    return support.sequence_encoding(
        Encoding.Config(**values),
        tokenizer=tokenizer,
        tokenizer_settings={"name": "syllables"},
        vocabulary=Vocabulary.given(tokenizer.vocabulary()),
        labels=LABELS,
    )


def same(first, second) -> bool:
    """Whether two encoded texts are equal."""
    for name in ("ids", "starts", "ends", "units", "labels"):
        a, b = getattr(first, name), getattr(second, name)
        if (a is None) != (b is None) or (a is not None and a.tolist() != b.tolist()):
            return False
    return {k: v.tolist() for k, v in first.features.items()} == {k: v.tolist() for k, v in second.features.items()}


def test_characters_are_units():
    encoded = support.encoding().encode("高勇，男", [(0, 2, "NAME")])
    assert encoded.units is None and encoded.starts.tolist() == [0, 1, 2, 3]
    assert [LABELS.tags[tag] for tag in encoded.labels] == ["B-NAME", "E-NAME", "O", "O"]
    assert encoded.ids[2] == 1  # the comma is unknown
    assert support.encoding().encode("高勇").labels is None


def test_first_pieces_carry_the_labels_and_cover_their_word():
    encoding = subword()
    encoded = encoding.encode("abcde x ab", [(0, 7, "ORG"), (8, 10, "NAME")])
    assert encoded.ids.tolist() == [4, 5, 6, 7, 4]
    assert encoded.units.tolist() == [0, 3, 4]
    assert list(zip(encoded.starts.tolist(), encoded.ends.tolist())) == [(0, 5), (6, 7), (8, 10)]
    assert [LABELS.tags[tag] for tag in encoded.labels] == ["B-ORG", "E-ORG", "S-NAME"]
    batch = encoding.collate([encoded, encoding.encode("x", [])])
    assert batch.ids.tolist() == [[2, 4, 5, 6, 7, 4, 3], [2, 7, 3, 0, 0, 0, 0]]
    assert batch.mask.sum(1).tolist() == [7, 3]
    assert batch.units.tolist() == [[1, 4, 5], [1, 0, 0]] and batch.unit_mask.tolist()[1] == [True, False, False]
    assert batch.labels.shape == (2, 3) and batch.label_mask is batch.unit_mask


def test_batches_without_a_frame_need_no_units():
    encoding = support.encoding()
    batch = encoding.collate([encoding.encode("高", []), encoding.encode("高勇男", [(0, 1, "NAME")])])
    assert batch.units is None and batch.mask.tolist() == [[True, False, False], [True] * 3]
    assert batch.labels.tolist() == [[0, 0, 0], [LABELS.ids["S-NAME"], 0, 0]]
    assert encoding.collate([encoding.encode("高")]).labels is None


def test_bigrams_join_each_piece_with_the_next():
    plain = support.encoding("ab")
    pairs = PairVocabulary(numpy.array([[2, 3], [3, 0]]))
    encoding = support.sequence_encoding(
        plain.config,
        tokenizer=plain.texts.tokenizer,
        tokenizer_settings={"name": "character"},
        vocabulary=plain.texts.vocabulary,
        labels=LABELS,
        features={"bigrams": pairs},
    )
    first, second = encoding.encode_many(["aab", "b"])
    assert first.features["bigrams"].tolist() == [1, 2, 3] and second.features["bigrams"].tolist() == [3]
    assert encoding.collate([first, second]).features["bigrams"].tolist() == [[1, 2, 3], [3, 0, 0]]


def test_stop_words_keep_their_place_and_look_the_same():
    vocabulary = Vocabulary.counted({"高": 2, "男": 1}, special=("<stop>",))
    plain = support.encoding(vocabulary=vocabulary)
    encoding = support.sequence_encoding(
        plain.config,
        tokenizer=plain.texts.tokenizer,
        tokenizer_settings={"name": "character"},
        vocabulary=vocabulary,
        labels=LABELS,
        stop_words=["的", "了"],
    )
    encoded = encoding.encode("高的男了", [(0, 3, "NAME")])
    assert encoded.ids.tolist() == [3, 2, 4, 2]
    assert [LABELS.tags[tag] for tag in encoded.labels] == ["B-NAME", "M-NAME", "E-NAME", "O"]


ALPHABET = st.text(alphabet="高勇男ab 1\u3000\x10\u200b😀é\ud800", max_size=25)


@given(st.lists(ALPHABET, max_size=6))
def test_many_at_once_equal_each_alone(texts):
    spans = [[(0, max(1, len(text) // 2), "NAME")] if text else [] for text in texts]
    for encoding in (support.encoding("高勇ab"), subword()):
        together = encoding.encode_many(texts, spans)
        assert all(same(one, encoding.encode(text, own)) for one, text, own in zip(together, texts, spans))


@given(st.lists(ALPHABET, max_size=6))
def test_the_fast_way_of_a_tokenizer_equals_the_slow_one(texts):
    tokenizer = support.encoding().texts.tokenizer
    fast, slow = cut(tokenizer, texts), joined([tokenizer.tokenize(text) for text in texts])
    assert [fast.pieces[code] for code in fast.codes] == [slow.pieces[code] for code in slow.codes]
    assert fast.starts.tolist() == slow.starts.tolist() and fast.counts.tolist() == slow.counts.tolist()


@settings(max_examples=200)
@given(
    st.lists(st.integers(1, 7), max_size=40),
    st.integers(1, 12).flatmap(lambda room: st.tuples(st.just(room), st.integers(0, (room - 1) // 2))),
)
def test_windows_cover_everything_and_answer_for_each_unit_once(words, sizes):
    room, overlap = sizes
    encoding = subword(maximum_length=room + 2, overlap=overlap)
    text = " ".join("x" * length for length in words)
    whole = encoding.encode(text)
    windows = encoding.windows(whole)
    owned = [unit for window in windows for unit in range(*window.own)]
    assert owned == list(range(whole.length))
    for window in windows:
        encoded, last = window.encoded, window.first + window.encoded.length
        assert 0 < len(encoded.ids) <= room and encoded.length > 0
        assert window.first <= window.own[0] and window.own[1] <= last
        assert encoded.starts.tolist() == whole.starts[window.first : last].tolist()
        begin = whole.units[window.first] - encoded.units[0]
        assert encoded.ids.tolist() == whole.ids[begin : begin + len(encoded.ids)].tolist()
        assert window.characters == (int(encoded.starts[0]), int(encoded.ends[-1]))
    for left, right in itertools.pairwise(windows):
        if (max(words) + 1) // 2 <= overlap:  # every word fits in the overlap
            assert right.first < left.first + left.encoded.length


def test_short_texts_are_one_window_and_empty_ones_none():
    encoding = support.encoding(maximum_length=4, overlap=1)
    assert encoding.windows(encoding.encode("  ")) == []
    assert len(encoding.windows(encoding.encode("高勇男中"))) == 1
    assert [window.own for window in encoding.windows(encoding.encode("高勇男中国"))] == [(0, 3), (3, 5)]


@given(st.sets(st.integers(0, 60)), st.integers(1, 60), st.integers(2, 20), st.integers(0, 9))
def test_ranges_are_short_and_cover(begins, total, room, overlap):
    overlap = min(overlap, (room - 1) // 2)
    allowed = numpy.array(sorted(b for b in begins | {0} if b < total))
    ranges = piece_ranges(allowed, total, room, overlap)
    assert ranges[0][0] == 0 and ranges[-1][1] == total
    assert all(0 < end - start <= room for start, end in ranges)
    assert all(a < c <= b - overlap and b < d for (a, b), (c, d) in itertools.pairwise(ranges))


@settings(max_examples=200)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=20), st.integers(3, 9), st.randoms())
def test_training_rows_stand_side_by_side_and_cut_no_entity_that_fits(lengths, room, chance):
    text, spans = "", []
    for length in lengths:
        if chance.random() < 0.5:
            spans.append((len(text), len(text) + length, "NAME"))
        text += "高" * length
    encoding = support.encoding(maximum_length=room, overlap=0)
    columns, told = encoding.columns([text, "男"], flat_spans([spans, []], LABELS), room=room)
    rows = list(columns.rows())
    assert "".join(text[int(s)] for row in rows[:-1] for s in row.starts) == text
    assert columns.texts.tolist() == [0] * (len(rows) - 1) + [1] and max(len(row.ids) for row in rows) <= room
    start, _, end = LABELS.allowed
    assert all(start[row.labels[0]] and end[row.labels[-1]] for row in rows)
    if all(b - a <= room for a, b, _ in spans):
        assert told.cut == 0
        whole = [LABELS.tags[tag] for row in rows[:-1] for tag in row.labels]
        assert [i for i, tag in enumerate(whole) if tag[0] in "BS"] == [a for a, _, _ in spans]


@given(st.text(alphabet="高勇ab1 \u3000😀é", max_size=30), st.data())
def test_spans_survive_the_way_there_and_back(text, data):
    places = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = [(a, b, data.draw(st.sampled_from(LABELS.types))) for a, b in zip(places[::2], places[1::2])]
    # A span that begins or ends with a blank is told back without it: blanks are no units.
    trimmed = [
        (b - len(text[a:b].lstrip()), a + len(text[a:b].rstrip()), kind) for a, b, kind in spans if text[a:b].strip()
    ]
    for scheme in ("bio", "bioes", "bmes", "biluo"):
        encoding = support.encoding(scheme=scheme)
        encoded = encoding.encode(text, spans)
        found = encoding.labels.decode(encoded.labels)
        back = [
            (int(encoded.starts[first]), int(encoded.ends[last - 1]), LABELS.types[kind])
            for first, last, kind in zip(found.start, found.end, found.type)
        ]
        assert back == trimmed


def test_an_entity_that_fits_is_never_cut():
    encoding = support.encoding(maximum_length=5, overlap=0)
    columns, told = encoding.columns(["高" * 12], flat_spans([[(3, 8, "NAME"), (9, 11, "ORG")]], LABELS), room=5)
    assert told.cut == 0 and columns.pieces.tolist() == [3, 5, 4]


def test_what_is_saved_encodes_the_same(tmp_path):
    original = support.encoding(special_symbols=("<num>",), maximum_length=40, overlap=3)
    encoding = support.sequence_encoding(
        original.config,
        tokenizer=original.texts.tokenizer,
        tokenizer_settings={"name": "character", "lowercase": True},
        vocabulary=original.texts.vocabulary,
        labels=LABELS,
        features={"bigrams": PairVocabulary(numpy.array([[2, 3]]))},
        stop_words=["男", "国"],
    )
    encoding.save(tmp_path)
    loaded = Encoding.load(tmp_path)
    assert loaded.config == encoding.config and loaded.labels == LABELS
    assert loaded.texts.stop_words == {"男", "国"} and loaded.texts.tokenizer.config.lowercase
    assert same(loaded.encode("高勇男", [(0, 2, "ORG")]), encoding.encode("高勇男", [(0, 2, "ORG")]))


HOSTILE = [
    (("format",), 99, "format = 99"),
    (("config", "overlap"), "many", "config.overlap = 'many'"),
    (("config", "overlap"), True, "config.overlap = True"),
    (("config", "minimum_count"), None, "config.minimum_count = None"),
    (("config", "scheme"), "xyz", "config.scheme = 'xyz'"),
    (("config", "_target_"), "os.system", "config._target_?"),
    (("labels", "scheme"), "nothing", "labels = "),
    (("labels", "types"), ["A", "A"], "labels = "),
    (("tokenizer", "name"), "no_such", "no_such"),
    (("tokenizer", "sneaky"), 1, "sneaky"),
    (("tokenizer",), [], "dictionary update"),
    (("features",), 5, "not iterable"),
]


@pytest.mark.parametrize(("path", "value", "told"), HOSTILE)
def test_hostile_descriptions_are_refused(tmp_path, path, value, told):
    support.encoding().save(tmp_path)
    file = tmp_path / "encoding.json"
    content = json.loads(file.read_text())
    place = content
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    if path == ("tokenizer",):
        told = "KeyError"
    file.write_text(json.dumps(content))
    with pytest.raises(TengjiaError) as caught:
        Encoding.load(tmp_path)
    assert told in str(caught.value)


@pytest.mark.parametrize("name", ["encoding.json", "vocabulary.json"])
def test_a_missing_file_is_told(tmp_path, name):
    support.encoding().save(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(DataError) as caught:
        Encoding.load(tmp_path)
    assert caught.value.code == "encoding.bad_file" and name in str(caught.value)


@pytest.mark.parametrize(
    ("values", "code", "told"),
    [
        ({"maximum_length": 8, "overlap": 4}, "encoding.too_short", "needs at least 9"),
        ({"overlap": -1}, "encoding.too_short", "encoding.overlap = -1"),
        ({"begin_symbol": "<s>"}, "encoding.half_frame", "'<s>'"),
    ],
)
def test_contradictions_are_told(values, code, told):
    with pytest.raises(ConfigurationError, match="encoding") as caught:
        support.encoding(**values)
    assert caught.value.code == code and told in str(caught.value) and caught.value.hint


def test_own_frame_symbols():
    encoding = support.encoding(
        vocabulary=Vocabulary.counted({"高": 1}, special=("<s>", "</s>")), begin_symbol="<s>", end_symbol="</s>"
    )
    batch = encoding.collate([encoding.encode("高高")])
    assert batch.ids.tolist() == [[2, 4, 4, 3]] and batch.units.tolist() == [[1, 2]]
