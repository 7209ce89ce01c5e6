"""A training as a checkpoint, and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch

from tengjia.checkpoint import Checkpoint
from tengjia.checkpoint.packed import Packed
from tengjia.errors import CheckpointError, TrainingError
from tengjia.training.context import Context
from tengjia.training.environment import facts, tell_differences
from tengjia.training.watch import LossWatch

Tensors = dict[str, torch.Tensor]


def name_of(context: Context) -> str:
    """`step-00000120`, with `-2` added when two micro-batches of the next step are done."""
    state = context.state
    return f"step-{state.step:08d}" + (f"-{state.micro}" if state.micro else "")


def best_name(step: int) -> str:
    """`best-00000100`."""
    return f"best-{step:08d}"


def check_finite(context: Context) -> None:
    """Refuse to save weights that are no numbers. Collective.

    Raises:
        TrainingError: A parameter holds NaN or an infinity, on any process.
    """
    # A sum is finite if all entries are, and costs a single pass without a second array.
    named = list(context.unit.module.named_parameters())
    wrong = torch.tensor([not math.isfinite(float(local(parameter).sum())) for _, parameter in named], dtype=torch.int8)
    spoilt = context.ranks.largest(wrong).nonzero().flatten().tolist()
    if spoilt:
        raise TrainingError("trainer.weights_not_finite", name=named[spoilt[0]][0], step=context.state.step)


def take(context: Context, watch: LossWatch) -> Checkpoint:
    """A copy in memory of all that training needs to go on exactly. Collective."""
    tensors: dict[str, Mapping[str, torch.Tensor]] = {
        "weights": packed_weights(context.unit.module),
        "optimizer": Packed(_optimizer_tensors(context)),
    }
    if context.state.micro:
        tensors["gradients"] = Packed(_gradients(context.unit.module))
    if context.callbacks is not None:
        for callback in context.callbacks.callbacks:
            if held := callback.tensors():
                tensors[f"callback-{type(callback).__name__}"] = Packed(held)
    schedule = getattr(context.schedule, "state_dict", None)
    state = {
        "training": context.state.plain(),
        "seed": context.seed,
        "schedule": schedule() if schedule else {},
        "watch": watch.state_dict(),
        "scaler": context.engine.scaler.state_dict(),
        "optimizer": _optimizer_scalars(context),
        "callbacks": context.callbacks.state_dict() if context.callbacks is not None else {},
        "environment": facts(context.engine),
    }
    return Checkpoint(name_of(context), state, tensors)


def restore(context: Context, checkpoint: Checkpoint, watch: LossWatch) -> None:
    """Put a training where the checkpoint was taken.

    Raises:
        CheckpointError: The weights have other names or shapes.
    """
    state = checkpoint.state
    tell_differences(state["environment"], context.engine)
    load_weights(context.unit.module, checkpoint.tensors["weights"], checkpoint.name)
    _load_optimizer(context, checkpoint)
    for name, parameter in context.unit.module.named_parameters():
        if (gradient := checkpoint.tensors.get("gradients", {}).get(name)) is not None:
            parameter.grad = like(gradient, parameter)
    context.state.restore(state["training"])
    if (load := getattr(context.schedule, "load_state_dict", None)) is not None:
        load(state["schedule"])
    watch.load_state_dict(state["watch"])
    if state["scaler"]:
        context.engine.scaler.load_state_dict(state["scaler"])
    if context.callbacks is not None:
        context.callbacks.load_state_dict(state["callbacks"])
        for callback in context.callbacks.callbacks:
            if (held := checkpoint.tensors.get(f"callback-{type(callback).__name__}")) is not None:
                callback.load_tensors(held)


def copied(tensor: torch.Tensor) -> torch.Tensor:
    """A whole copy on the CPU, contiguous; of a sharded tensor all of it. Collective for those."""
    whole = _whole(tensor.detach())
    return whole.to("cpu", copy=True, memory_format=torch.contiguous_format)


def _whole(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.full_tensor() if hasattr(tensor, "full_tensor") else tensor


def like(value: torch.Tensor, parameter: Any) -> torch.Tensor:
    """A copy of `value` where and how `parameter` is: on its device, sharded as it is, if the shapes agree."""
    if value.shape != parameter.shape:
        return value.to(parameter.device, copy=True)
    if hasattr(value, "placements"):
        return value.clone()
    if hasattr(parameter, "placements"):
        from torch.distributed.tensor import distribute_tensor

        # Every process has the whole value: each cuts its own part, without a word to the others.
        moved, mesh = value.to(parameter.device), parameter.device_mesh
        return distribute_tensor(moved, mesh, parameter.placements, src_data_rank=None)
    return value.to(parameter.device, copy=True)


def local(tensor: Any) -> torch.Tensor:
    """The part of a tensor that this process holds, without history; writing to it writes to the tensor."""
    detached = tensor.detach()
    own: torch.Tensor = detached.to_local() if hasattr(detached, "to_local") else detached
    return own


def weights(module: torch.nn.Module) -> Tensors:
    """Copies of all parameters and persistent buffers by name, whole, on the CPU. Collective under FSDP."""
    return dict(packed_weights(module))


def packed_weights(module: torch.nn.Module) -> Packed:
    """The same, ready to be written."""
    return Packed(module.state_dict())


def load_weights(module: torch.nn.Module, values: Mapping[str, torch.Tensor], source: str) -> None:
    """Copy weights into a module, every one of them.

    Raises:
        CheckpointError: Names or shapes differ; the first few are named.
    """
    own = module.state_dict()
    wrong = [f"{name} is missing" for name in own.keys() - values.keys()]
    wrong += [f"{name} is unknown" for name in values.keys() - own.keys()]
    for name in own.keys() & values.keys():
        if own[name].shape != values[name].shape:
            wrong.append(f"{name} is {list(values[name].shape)} there, {list(own[name].shape)} here")
    if wrong:
        more = f" (and {len(wrong) - 3} more)" if len(wrong) > 3 else ""
        raise CheckpointError("checkpoint.does_not_fit", found=source, reason="; ".join(sorted(wrong)[:3]) + more)
    with torch.no_grad():
        for name, tensor in own.items():
            tensor.copy_(like(values[name].to(tensor.dtype), tensor))


def _gradients(module: torch.nn.Module) -> Tensors:
    return {name: p.grad for name, p in module.named_parameters() if p.grad is not None}


def _optimizer_tensors(context: Context) -> Tensors:
    return {
        f"{name}/{key}": value
        for name, held in _held(context)
        for key, value in held.items()
        if isinstance(value, torch.Tensor)
    }


def _optimizer_scalars(context: Context) -> dict[str, Any]:
    return {
        f"{name}/{key}": value
        for name, held in _held(context)
        for key, value in held.items()
        if not isinstance(value, torch.Tensor)
    }


def _held(context: Context) -> list[tuple[str, dict[str, Any]]]:
    named = context.unit.module.named_parameters()
    return [(name, context.optimizer.state[p]) for name, p in named if p in context.optimizer.state]


def _load_optimizer(context: Context, checkpoint: Checkpoint) -> None:
    parameters = dict(context.unit.module.named_parameters())
    # Step counters live on the CPU, except where a kernel on the device reads them.
    groups = context.optimizer.param_groups
    inside = {id(p) for g in groups if g.get("fused") or g.get("capturable") for p in g["params"]}
    context.optimizer.state.clear()
    for path, value in {**checkpoint.tensors["optimizer"], **checkpoint.state["optimizer"]}.items():
        name, _, key = path.rpartition("/")
        if name not in parameters:
            raise CheckpointError("checkpoint.does_not_fit", found=checkpoint.name, reason=f"{name} is unknown")
        parameter = parameters[name]
        if isinstance(value, torch.Tensor) and value.dim():
            value = like(value, parameter)
        elif isinstance(value, torch.Tensor):
            value = value.to(parameter.device if id(parameter) in inside else "cpu", copy=True)
        context.optimizer.state[parameter][key] = value
