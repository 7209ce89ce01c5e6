"""What no config may say: names of code, resolvers, and Hydra's own settings beyond a short list."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tengjia.command.plan import Plan, as_list
from tengjia.config.documents import Document
from tengjia.errors import COMMAND_LINE, Problem
from tengjia.utilities.suggestions import suggestions

CODE_KEYS: Final = frozenset({"_target_", "_partial_", "_args_", "_recursive_", "_convert_", "()", "__class__"})
"""Keys by which Hydra, OmegaConf or `logging.config` would import and call something."""

HYDRA_GROUPS: Final[dict[str, dict[str, str | None]]] = {
    "hydra/sweeper": {"basic": None, "optuna": "hydra_plugins.hydra_optuna_sweeper"},
    "hydra/launcher": {
        "basic": None,
        "joblib": "hydra_plugins.hydra_joblib_launcher",
        "ray": "hydra_plugins.hydra_ray_launcher",
        "submitit_local": "hydra_plugins.hydra_submitit_launcher",
        "submitit_slurm": "hydra_plugins.hydra_submitit_launcher",
    },
    "hydra/sweeper/sampler": {
        name: "hydra_plugins.hydra_optuna_sweeper" for name in ("tpe", "random", "cmaes", "nsgaii", "motpe", "grid")
    },
}
"""Groups of Hydra's own that may be chosen -> option -> the package that brings it."""

HYDRA_KEYS: Final = frozenset(
    {
        *(f"hydra.sweeper.{name}" for name in ("n_trials", "n_jobs", "direction", "study_name", "max_failure_rate")),
        *(f"hydra.sweeper.{name}" for name in ("max_batch_size", "sampler.seed", "sampler.n_startup_trials")),
        *(f"hydra.launcher.{name}" for name in ("n_jobs", "timeout_min", "cpus_per_task", "gpus_per_node", "nodes")),
        *(f"hydra.launcher.{name}" for name in ("mem_gb", "tasks_per_node", "partition", "account", "qos")),
    }
)
"""Values of Hydra's own that may be set; each is a plain number or word."""


def check_targets(plan: Plan) -> Iterator[Problem]:
    """No key that names code, wherever it stands."""
    for document in _documents(plan):
        for path, line in _code_keys(document):
            yield Problem("config.code_key", document.name, line, ".".join(map(str, path)), {"found": path[-1]})
    for word in plan.arguments.words:
        parts = word.key.replace("/", ".").replace("@", ".").split(".")
        named = next(
            (key for key in CODE_KEYS if key in parts or f"{key}:" in (word.value or "").replace(" ", "")), None
        )
        if named is not None:
            yield Problem("config.code_key", COMMAND_LINE, 0, word.key, {"found": named})


def check_hydra(plan: Plan) -> Iterator[Problem]:
    """Only what is listed above, in files and on the command line."""
    for document in _documents(plan):
        for key, value in _flattened("hydra", document.data.get("hydra", {})):
            line = document.line(*key.split("."))
            yield from _hydra_value(key, value, document.name, line)
        for index, item in enumerate(as_list(document.data.get("defaults"))):
            for key, option in item.items() if isinstance(item, dict) else ():
                group = str(key).removeprefix("override ").lstrip("/")
                if group.startswith("hydra/"):
                    yield from _hydra_group(group, option, document.name, document.line("defaults", index, key))
    for override in plan.overrides:
        for value in override.values or [None]:
            if override.key.startswith("hydra/"):
                yield from _hydra_group(override.key, value, COMMAND_LINE, 0)
            elif override.key == "hydra" or override.key.startswith("hydra."):
                yield from _hydra_value(override.key, value, COMMAND_LINE, 0)


def _hydra_group(group: str, option: Any, file: str, line: int) -> Iterator[Problem]:
    if group not in HYDRA_GROUPS:
        allowed = {"nearest": suggestions(group, HYDRA_GROUPS), "allowed": ", ".join(HYDRA_GROUPS)}
        yield Problem("config.hydra_key", file, line, group, allowed)
        return
    options = HYDRA_GROUPS[group]
    if not isinstance(option, str) or option not in options:
        values = {"found": option, "nearest": suggestions(option, options), "allowed": ", ".join(options)}
        yield Problem("config.hydra_option", file, line, group, values)
        return
    package = options[option]
    if package is not None and not _installed(package):
        name = package.partition(".")[2].replace("_", "-")
        yield Problem("config.hydra_plugin", file, line, group, {"found": option, "package": name})


def _hydra_value(key: str, value: Any, file: str, line: int) -> Iterator[Problem]:
    if key not in HYDRA_KEYS:
        values = {"nearest": suggestions(key, HYDRA_KEYS), "allowed": ", ".join([*HYDRA_GROUPS, *sorted(HYDRA_KEYS)])}
        yield Problem("config.hydra_key", file, line, key, values)
    elif not isinstance(value, int | float | str | None) or "${" in str(value):
        yield Problem("config.hydra_value", file, line, key, {"found": value})


def _installed(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:
        return False


def _documents(plan: Plan) -> Iterator[Document]:
    seen: set[str] = set()
    for view in plan.views:
        for document in view.documents:
            if document.name not in seen:
                seen.add(document.name)
                yield document


def _code_keys(document: Document) -> Iterator[tuple[tuple[Any, ...], int]]:
    for path, position in document.positions.items():
        if path[-1] in CODE_KEYS:
            yield path, position.line


def _flattened(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _flattened(f"{prefix}.{key}", item)
    elif value != {}:
        yield prefix, value
