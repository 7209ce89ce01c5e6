"""What goes on inside a transformer while it scores a batch: hidden states and attention of every layer.

with Insides(model) as insides:
    scores = model(batch)
insides.hidden, insides.attention
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from tengjia.errors import ConfigurationError
from tengjia.layers.pretrained_encoder import WIDTHS, PretrainedEncoder
from tengjia.layers.transformer import TransformerEncoder

_QUERIES_AND_KEYS = (("query", "key"), ("q_lin", "k_lin"))
"""What the projections of attention are called: in BERT, RoBERTa, ELECTRA, ERNIE; in DistilBERT."""


class Insides:
    """Looks into a model while it is used as a context; outside it the model runs as ever.

    Args:
        model: Built on `TransformerEncoder` or `PretrainedEncoder`.

    Raises:
        ConfigurationError: It is built on neither.
    """

    def __init__(self, model: nn.Module) -> None:
        stack = _stack(model)
        if stack is None:
            raise ConfigurationError("distillation.no_layers", key="student.model", found=type(model).__name__)
        self._embedded, self._layers, self._last, self.heads, self.width = stack
        self._encoders = [module for module in model.modules() if isinstance(module, PretrainedEncoder)]
        self._hooks: list[Any] = []
        self.layers = len(self._layers)
        """How many layers there are."""
        self.hidden: list[Tensor] = []
        """`[B, S, H]` of the embeddings and of each layer, from the lowest."""
        self.attention: list[Tensor] = []
        """`[B, heads, S, S]` of each layer: scores before softmax."""

    def __enter__(self) -> Insides:
        self.hidden, self.attention = [], []
        self._set_widths(1)
        self._watch(self._embedded, lambda module, given, output: self.hidden.append(_tensor(output)))
        for number, layer in enumerate(self._layers):
            end = self._last if self._last is not None and number == self.layers - 1 else layer
            self._watch(end, lambda module, given, output: self.hidden.append(_tensor(output)))
            self._watch_attention(layer)
        return self

    def __exit__(self, *_: object) -> None:
        for hook in self._hooks:
            hook.remove()
        self._hooks = []
        self._set_widths(WIDTHS)

    def _set_widths(self, widths: int) -> None:
        for encoder in self._encoders:
            encoder.widths = widths

    def _watch(self, module: nn.Module, see: Callable[[nn.Module, Any, Any], None]) -> None:
        self._hooks.append(module.register_forward_hook(see))

    def _watch_attention(self, layer: nn.Module) -> None:
        named = {name.rpartition(".")[2]: module for name, module in layer.named_modules()}
        if "scores" in named:  # a layer of the house
            self._watch(named["scores"], lambda module, given, output: self.attention.append(output))
            return
        for query, key in _QUERIES_AND_KEYS:
            if query in named and key in named:
                self._watch_products(named[query], named[key])
                return
        raise ConfigurationError("distillation.no_attention", key="distil.attention_weight", found=type(layer).__name__)

    def _watch_products(self, query: nn.Module, key: nn.Module) -> None:
        """The scores of a layer whose library only gives what comes after softmax: products of queries and keys."""
        queries: list[Tensor] = []

        def take(module: nn.Module, given: Any, output: Tensor) -> None:
            queries.append(output)

        def multiply(module: nn.Module, given: Any, output: Tensor) -> None:
            first, second = (_by_head(part, self.heads) for part in (queries.pop(), output))
            self.attention.append(first @ second.transpose(-1, -2) / math.sqrt(first.shape[-1]))

        self._watch(query, take)
        self._watch(key, multiply)


def _stack(model: nn.Module) -> tuple[nn.Module, list[nn.Module], nn.Module | None, int, int] | None:
    """Embeddings, layers, what follows the last of them, the heads of a layer, and the width of hidden states."""
    for module in model.modules():
        if isinstance(module, TransformerEncoder):
            layers = list(module.layers)
            return module.dropout, layers, module.norm, int(layers[0].attention.heads), module.width  # type: ignore[union-attr, arg-type]
        if isinstance(module, PretrainedEncoder):
            # ELECTRA's embeddings may be narrower than its layers: what enters these counts.
            embedded = getattr(module.model, "embeddings_project", getattr(module.model, "embeddings", None))
            layers = module.layers()
            if embedded is None or not layers:
                return None
            return embedded, layers, None, int(module.model.config.num_attention_heads), module.width
    return None


def _tensor(output: Any) -> Tensor:
    first = output[0] if isinstance(output, tuple | list) else output
    assert isinstance(first, torch.Tensor)
    return first


def _by_head(values: Tensor, heads: int) -> Tensor:
    """`[B, heads, S, H / heads]` of `[B, S, H]`."""
    return values.view(*values.shape[:2], heads, -1).transpose(1, 2)
