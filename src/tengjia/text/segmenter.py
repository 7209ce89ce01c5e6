"""jieba, the Rust implementation (`rjieba`): a segmenter for each set of words of the user's own."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from tengjia.messages import text
from tengjia.text.word_lists import Entry

logger = logging.getLogger(__name__)


@cache
def segmenter(entries: tuple[Entry, ...]) -> Any:
    """A segmenter that knows further words; one for all that ask for the same words, never rjieba's global one."""
    import rjieba

    made = rjieba.Jieba()
    for word, frequency, tag in entries:
        made.add_word(word, frequency, tag)
    never = [word for word, _, _ in entries if made.cut(word) != [word]]
    if never:
        logger.warning(text("text.words_never_whole", count=len(never), found=" ".join(never[:10])).message)
    return made
