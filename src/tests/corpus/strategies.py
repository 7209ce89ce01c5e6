"""Examples that hypothesis makes up: awkward texts with marked spans."""

from __future__ import annotations

from hypothesis import strategies as st

from tengjia.data.example import Example, Span

SIGNS = "张三李四任黄山aB9５Ｑé，。！()（）  \n\t　İΣς🎉e\u0301\u200b\x10.-'%"
texts = st.text(st.one_of(st.sampled_from(SIGNS), st.characters(codec="utf-8")), max_size=60)


@st.composite
def examples(draw: st.DrawFn, minimum: int = 0) -> Example:
    """An example with spans that do not overlap, and perhaps tokens that spans keep to."""
    text = draw(texts.filter(lambda t: len(t) >= minimum))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=16)))
    pieces = [(a, b) for a, b in zip([0, *cuts], [*cuts, len(text)]) if a < b]
    marked = draw(st.lists(st.sampled_from(["", "", "NAME", "ORG"]), min_size=len(pieces), max_size=len(pieces)))
    spans = tuple(Span(a, b, kind) for (a, b), kind in zip(pieces, marked) if kind)
    tokens = tuple(pieces) if draw(st.booleans()) else None
    return Example(text, spans, "file.txt", 1, tokens)
