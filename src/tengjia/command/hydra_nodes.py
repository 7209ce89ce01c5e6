"""The last look at Hydra's own nodes before a sweep: they may name no other code than their plugins do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tengjia.command.checks.forbidden import HYDRA_KEYS
from tengjia.command.composition import compose_view, install
from tengjia.command.plan import Plan
from tengjia.errors import ConfigurationError, Problem


def check_plugin_nodes(plan: Plan) -> None:
    """Compose Hydra's own config, and compare its launcher and sweeper with what their plugins registered.

    Raises:
        ConfigurationError: A leaf that is not on the short list of settings differs, or logging is configured.
    """
    from hydra.types import RunMode
    from omegaconf import OmegaConf

    install(plan)
    words = [override.text for override in plan.overrides if override.key.startswith(("hydra.", "hydra/"))]
    composed = compose_view(plan.views[0], words, RunMode.MULTIRUN)
    hydra: Any = OmegaConf.to_container(composed.hydra, resolve=False)
    choices = composed.hydra.runtime.choices
    problems = []
    for name in ("launcher", "sweeper"):
        own = _registered(name, choices)
        for key, value in _leaves(f"hydra.{name}", hydra[name]):
            if key not in HYDRA_KEYS and own.get(key) != value:
                problems.append(Problem("config.hydra_changed", key=key, values={"found": value}))
    for name in ("job_logging", "hydra_logging", "callbacks"):
        extra = {key: value for key, value in _leaves(f"hydra.{name}", hydra.get(name)) if value not in (None, {}, [])}
        if choices.get(f"hydra/{name}") not in {"none", None} or any("()" in key or "class" in key for key in extra):
            problems.append(Problem("config.hydra_changed", key=f"hydra.{name}", values={"found": str(extra)}))
    if problems:
        raise ConfigurationError(problems)


def _registered(name: str, choices: Mapping[str, Any]) -> dict[str, Any]:
    """Leaves of the node that the chosen plugin registered, its chosen parts included."""
    from hydra.core.config_store import ConfigStore
    from omegaconf import OmegaConf

    leaves: dict[str, Any] = {}
    for group, option in choices.items():
        if group == f"hydra/{name}" or group.startswith(f"hydra/{name}/"):
            node = OmegaConf.to_container(OmegaConf.create(ConfigStore.instance().load(f"{group}/{option}.yaml").node))
            node = {key: value for key, value in node.items() if key != "defaults"}  # type: ignore[union-attr]
            leaves.update(_leaves(group.replace("/", "."), node))
    return leaves


def _leaves(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(f"{prefix}.{key}", item)
    else:
        yield prefix, value
