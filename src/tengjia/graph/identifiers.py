"""Names that become part of a Cypher statement. Labels, relation types and property names cannot be parameters.

They pass this one checker and stand in backticks; everything else is a parameter.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from tengjia.errors import DataError

LONGEST: Final = 64
_IDENTIFIER: Final = re.compile(r"[^\W\d_]\w*\Z")
RESERVED: Final = frozenset({"id", "name", "aliases"})
"""Properties that every entity has; no other may be called so."""


def is_identifier(name: Any) -> bool:
    """Whether a name is made of letters, digits and `_` of any script, begins with a letter, and is not too long."""
    return (
        isinstance(name, str)
        and 0 < len(name) <= LONGEST
        and _IDENTIFIER.match(name) is not None
        and unicodedata.is_normalized("NFKC", name)
    )


def quoted(name: str) -> str:
    """A name as it stands in a statement.

    Raises:
        DataError: It could be more than a name.
    """
    if not is_identifier(name):
        raise DataError("graph.bad_identifier", found=shown(name), limit=LONGEST)
    return f"`{name}`"


def shown(value: object, limit: int = 60) -> str:
    """Anything, as it can stand in a message."""
    words = repr(value)
    return words if len(words) <= limit else f"{words[:limit]}..."
