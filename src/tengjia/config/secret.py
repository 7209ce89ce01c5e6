"""Values that are not for the eyes of others: passwords, tokens."""

from __future__ import annotations


class Secret(str):
    """Type of a parameter whose value may come from the environment (`${oc.env:NAME}`) and is never written down."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('***')"
