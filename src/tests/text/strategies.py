"""Text that breaks tokenizers: what hypothesis draws from, for every tokenizer."""

from __future__ import annotations

from hypothesis import strategies as st

from tengjia.contracts import TokenArrays, Tokens

PARTS = [
    "我", "们", "的", "云计算", "董事长", "张三", "北京大学", "a", "Hello", "WORLD", "iPhone", "3", "3.14", "２０２６", "ＡＢＣ",
    " ", "  ", "\n", "\t", "\u3000", "\xa0", "\r\n", "\u2028", "\x85", "\x10", "\x00", "\x7f", "\u200b", "\ufeff",
    "e\u0301", "\u0301", "İ", "ß", "ﬁ", "Σ", "ς", "한국", "日本", "ｶﾞ", "か゛", "ไทย", "עברית", "हिन्दी", "👨‍👩‍👧", "❤️", "🇨🇳", "👍🏽",
    "\u200d", "\ud800", "\udfff", "，", "。", "!", "##", "[UNK]", "[CLS]", "@", "’", "-", "𠮷", "\U0010ffff", "①", "½", "\xad",
]  # fmt: skip

texts = st.one_of(st.lists(st.sampled_from(PARTS), max_size=12).map("".join), st.text(max_size=25))
"""Short texts of all sorts, lone surrogates and control characters among them."""


def check_offsets(text: str, tokens: Tokens) -> set[int]:
    """Assert that tokens lie in order within the text and are not empty; give the characters that they cover."""
    assert len(tokens.pieces) == len(tokens.starts) == len(tokens.ends)
    assert tokens.words is None or len(tokens.words) == len(tokens.pieces)
    position, covered = 0, set[int]()
    for start, end in zip(tokens.starts, tokens.ends):
        assert position <= start < end <= len(text)
        position = end
        covered.update(range(start, end))
    return covered


def unfold(arrays: TokenArrays) -> list[Tokens]:
    """What `tokenize` would have said of each text."""
    result, at = [], 0
    for count in arrays.counts.tolist():
        part = slice(at, at + count)
        pieces = [arrays.pieces[code] for code in arrays.codes[part].tolist()]
        words = None if arrays.words is None else arrays.words[part].tolist()
        result.append(Tokens(pieces, arrays.starts[part].tolist(), arrays.ends[part].tolist(), words))
        at += count
    assert at == len(arrays.codes)
    return result
