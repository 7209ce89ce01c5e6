"""Weights of objects that have some: whatever offers `state_dict` and `load_state_dict`, torch modules first of all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tengjia.bundle.weights import as_readable_as_others, load_tensors, save_tensors
from tengjia.errors import CheckpointError, ConfigurationError


def weights_of(instance: Any) -> Mapping[str, Any] | None:
    """The weights of an object by name; `None` for one that has none."""
    if not (callable(getattr(instance, "state_dict", None)) and callable(getattr(instance, "load_state_dict", None))):
        return None
    weights = instance.state_dict()
    if not isinstance(weights, Mapping):
        raise ConfigurationError("pretrained.bad_weights", key="state_dict", found=type(weights).__qualname__)
    return weights


def save(weights: Mapping[str, Any], file: Path) -> None:
    """Write weights as safetensors.

    Raises:
        ConfigurationError: They are not all tensors of torch, or all arrays of numpy, under names that are texts.
    """
    kinds = {_kind(name, value) for name, value in weights.items()}
    if kinds <= {"torch"}:
        save_tensors(weights, file)
        return
    if kinds == {"numpy"}:
        from safetensors.numpy import save_file

        with as_readable_as_others(file):
            save_file(dict(weights), file, metadata={"kind": "numpy"})
        return
    strange = [name for name, value in weights.items() if _kind(name, value) in {"", min(kinds)}]
    raise ConfigurationError("pretrained.bad_weights", key=str(strange[0])[:200], found=_named(weights[strange[0]]))


def load(instance: Any, file: Path) -> None:
    """Fill an object with the weights of a file.

    Raises:
        CheckpointError: The file is damaged or does not fit the object.
    """
    weights: Mapping[str, Any] = _arrays(file) or load_tensors(file)
    try:
        instance.load_state_dict(weights)
    except (KeyError, ValueError, RuntimeError, TypeError, AttributeError) as error:
        raise CheckpointError("bundle.unfit", file=file, found=" ".join(str(error).split())[:300]) from error


def places_of(weights: Mapping[str, Any]) -> set[int]:
    """Where in memory weights lie."""
    return {place for value in weights.values() if (place := _place(value))}


def covers(places: set[int], weights: Mapping[str, Any]) -> bool:
    """Whether all of the weights lie at places that are saved already, with those of an object around."""
    return all(_place(value) in places for value in weights.values() if _size(value))


def _arrays(file: Path) -> dict[str, Any] | None:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, "np") as opened:
            if (opened.metadata() or {}).get("kind") != "numpy":
                return None
            return {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    except SafetensorError:
        return None  # told when it is read as tensors


def _kind(name: Any, value: Any) -> str:
    module = type(value).__module__.partition(".")[0]
    if not isinstance(name, str):
        return ""
    if hasattr(value, "data_ptr") and hasattr(value, "detach"):
        return "torch"
    return "numpy" if module == "numpy" and hasattr(value, "__array_interface__") and value.dtype.kind in "biuf" else ""


def _named(value: Any) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"


def _place(value: Any) -> int:
    if hasattr(value, "data_ptr"):
        return int(value.data_ptr())
    return int(value.__array_interface__["data"][0]) if hasattr(value, "__array_interface__") else id(value)


def _size(value: Any) -> int:
    if hasattr(value, "numel"):
        return int(value.numel())
    return int(getattr(value, "size", 1))
