"""A chat robot: answers by template, by corpus, or by an outside service, in this order.

question -> templates (expressions with slots) -> index of examples and known questions -> service -> "I do not know"

A part of this project, not of the library: what the task `chat` needs beyond `tengjia.retrieval`. The functions that
its step files call are imported when first used: the pipeline in `src/modules/pipelines` needs the parts only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tengjia.utilities.lazy_names import lazily

if TYPE_CHECKING:
    from src.modules.chat.application import apply
    from src.modules.chat.building import build
    from src.modules.chat.testing import test

__all__ = ["apply", "build", "test"]

__getattr__ = lazily(__name__, {"apply": ".application", "build": ".building", "test": ".testing"})
