"""Classes of a program that saves and loads, at the top of a module, where pickles find them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import torch

from tengjia.pretrained import ConfigMixin, Ignore, SubFolder, save_config, wrap_config_mixin

if TYPE_CHECKING:
    from nowhere import NotImportable


class Words(ConfigMixin):
    @save_config
    def __init__(self, lower: bool = False, known: SubFolder = None):
        self.lower, self.known = lower, known


class Tagger(ConfigMixin):
    @save_config
    def __init__(self, size: int, words: SubFolder = None, log: Ignore | None = None, kind: NotImportable = None):
        self.size, self.words, self.log = size, words, log


class Layer(ConfigMixin, torch.nn.Module):
    @save_config
    def __init__(self, inputs: int, outputs: int, inner: Layer | None = None):
        super().__init__()
        self.linear = torch.nn.Linear(inputs, outputs)
        self.inner = inner


class Plain:
    """Knows nothing of configs."""

    def __init__(self, size: int, /, *rest: int, scale: float = 1.0, **more: object):
        self.given = (size, rest, scale, more)


@wrap_config_mixin
class Wrapped:
    def __init__(self, size: int = 3):
        self.size = size


WrappedPlain = wrap_config_mixin(Plain)
Linear = wrap_config_mixin(torch.nn.Linear)


class Child(WrappedPlain):
    """A class below one that was wrapped."""

    @save_config
    def __init__(self, size: int):
        super().__init__(size, scale=2.0)


@wrap_config_mixin
@dataclass(frozen=True)
class Frozen:
    size: int
    names: tuple[str, ...] = ("a",)


class Slots:
    __slots__ = ("size",)

    def __init__(self, size: int):
        self.size = size

    def __reduce__(self):
        return type(self), (self.size,)


WrappedSlots = wrap_config_mixin(Slots)
Kind = TypeVar("Kind")


@wrap_config_mixin
class Box(Generic[Kind]):
    def __init__(self, content: Kind):
        self.content = content
