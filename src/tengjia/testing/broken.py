"""A promise that is not kept, in words."""

from __future__ import annotations

from typing import Any

from tengjia.messages import text


class PromiseBroken(AssertionError):
    """What a module does not do that every module of its kind does; `code` names it."""

    def __init__(self, code: str, **values: Any) -> None:
        self.code = code
        words = text(code, **values)
        super().__init__(f"{words.message} [{code}]\n    {words.hint}" if words.hint else f"{words.message} [{code}]")


def hold(condition: object, code: str, **values: Any) -> None:
    """Raise the words of `code` unless the condition holds."""
    if not condition:
        raise PromiseBroken(code, **values)
