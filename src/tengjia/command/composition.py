"""What Hydra sees: one config source, `tengjia://`, that serves the task's config and an option for each module.

Hydra composes, so overrides, sweeps, `--cfg`, `--info` and completion are its own; but it reads no file of the user.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hydra.core.object_type import ObjectType
from hydra.core.plugins import Plugins
from hydra.plugins.config_source import ConfigLoadError, ConfigResult, ConfigSource
from hydra.plugins.search_path_plugin import SearchPathPlugin
from omegaconf import DictConfig, OmegaConf

from tengjia.command.plan import CALLBACKS, KINDS, NONE, Plan, View, as_list
from tengjia.errors import ConfigurationError
from tengjia.registry import REGISTRIES

if TYPE_CHECKING:
    from hydra.core.config_search_path import ConfigSearchPath

ALL = "config_task"
"""Name of the config of a command whose stages read both task files."""

_plan: Plan | None = None
_view: View | None = None


def install(plan: Plan) -> str:
    """Let Hydra see a plan; gives the name of the config to compose."""
    global _plan, _view
    _plan, _view = plan, plan.views[0]
    Plugins.instance().register(TengjiaSource)
    Plugins.instance().register(TengjiaSearchPath)
    return ALL if len(plan.views) > 1 else plan.views[0].name


def compose_view(view: View, overrides: list[str], run_mode: Any = None) -> DictConfig:
    """Compose the config of one task file, with those overrides that it knows.

    Args:
        view: The task file.
        overrides: As Hydra's grammar wants them.
        run_mode: `hydra.types.RunMode`; a plain run when not given.
    """
    global _view
    from hydra._internal.config_loader_impl import ConfigLoaderImpl
    from hydra._internal.utils import create_config_search_path
    from hydra.types import RunMode

    before, _view = _view, view
    try:
        loader = ConfigLoaderImpl(config_search_path=create_config_search_path(None))
        with hydra_in_words():
            composed = loader.load_configuration(view.name, overrides, run_mode=run_mode or RunMode.RUN)
    finally:
        _view = before
    return composed


@contextlib.contextmanager
def hydra_in_words() -> Iterator[None]:
    """Tell what Hydra refuses as a mistake of the command, should one have passed our own checks.

    Raises:
        ConfigurationError: Hydra or OmegaConf refused.
    """
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    try:
        yield
    except (HydraException, OmegaConfBaseException) as error:
        reason = str(error).strip().splitlines()[0]
        raise ConfigurationError("config.hydra_error", found=reason) from error


class TengjiaSearchPath(SearchPathPlugin):
    """Adds our source to Hydra's."""

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        search_path.append("tengjia", "tengjia://")


class TengjiaSource(ConfigSource):
    """Serves the plan that was installed."""

    @staticmethod
    def scheme() -> str:
        return "tengjia"

    def available(self) -> bool:
        return True

    def is_group(self, config_path: str) -> bool:
        return _bare(config_path) in {"", *KINDS}

    def is_config(self, config_path: str) -> bool:
        kind, _, name = _bare(config_path).rpartition("/")
        return name in _options(kind) if kind else name in _primaries()

    def list(self, config_path: str, results_filter: ObjectType | None) -> list[str]:
        here = _bare(config_path)
        found: list[str] = []
        if results_filter in (None, ObjectType.GROUP) and not here:
            found += _active_view().kinds
        if results_filter in (None, ObjectType.CONFIG):
            found += _options(here) if here else _primaries()
        return sorted(found)

    def load_config(self, config_path: str) -> ConfigResult:
        here = _bare(config_path)
        kind, _, name = here.rpartition("/")
        if kind:
            view = _option_view(kind)
            config = OmegaConf.create(option_values(view, kind, name))
            _open_mappings(config, view, (kind,), name)
        else:
            config = OmegaConf.create(primary_values(here))
            for view in _active_plan().views:
                for section in view.sections:
                    _open_mappings(config.get(section), view, (section,))
        return ConfigResult(
            provider="tengjia",
            path=f"tengjia://{here}",
            config=config,
            header={"package": None if kind else "_global_"},
        )


def option_values(view: View, kind: str, name: str) -> dict[str, Any]:
    """Parameters of a module for a task file: its code, then the project file, then the task file."""
    if name == NONE:
        return {"name": None}
    if view.schema(kind, name) is None:
        raise ConfigLoadError(f"no {kind} {name}")
    merged = view.merged({kind: name}, overrides=[])
    return {key[1]: assignment.value for key, assignment in merged.items() if key[0] == kind}


def primary_values(name: str) -> dict[str, Any]:
    """A config without its modules, and the defaults list that brings them."""
    plan = _active_plan()
    views = [view for view in plan.views if name in {ALL, view.name}]
    values: dict[str, Any] = {}
    choices: dict[str, str] = {}
    for view in reversed(views):  # where both files say something, the one that comes first in the command is shown
        for kind in view.kinds:
            choices[kind] = _document_choice(view, kind)
        for key, assignment in view.merged({}, overrides=[]).items():
            _put(values, key, assignment.value)
    return {
        "defaults": [*({kind: option} for kind, option in choices.items()), "_self_", *_hydra_defaults(views)],
        "hydra": _hydra_values(views),
        **values,
    }


def _document_choice(view: View, kind: str) -> str:
    name = None
    for document in view.documents:
        choice = view.document_choices(document).get(kind)
        name = choice.name if choice else name
    return name or NONE


def _hydra_defaults(views: list[View]) -> list[dict[str, Any]]:
    chosen = {"hydra/job_logging": "none", "hydra/hydra_logging": "none"}
    for view in views:
        for document in view.documents:
            for item in as_list(document.data.get("defaults")):
                for key, option in item.items() if isinstance(item, dict) else ():
                    group = key.removeprefix("override ").lstrip("/")
                    if group.startswith("hydra/"):
                        chosen[group] = option
    return [{f"override {group}": option} for group, option in chosen.items()]


def _hydra_values(views: list[View]) -> dict[str, Any]:
    """Hydra's own settings: it writes nothing, changes no folder, and keeps its sweep file with the sweep."""
    values: dict[str, Any] = {
        "run": {"dir": "."},
        "sweep": {"dir": "${check_point_root}/${app}/${task}/sweeps/${sweep}", "subdir": "."},
        "output_subdir": None,
        "job": {"chdir": False},
    }
    for view in views:
        for document in view.documents:
            said = document.data.get("hydra")
            for key, value in (said if isinstance(said, dict) else {}).items():
                values[key] = {**values.get(key, {}), **value} if isinstance(value, dict) else value
    return values


def _open_mappings(config: Any, view: View, key: tuple[str, ...], option: str | None = None) -> None:
    """Let mappings take names that no file gives them: `criterion.weight_of={O: 0.5}`."""
    for name in config if isinstance(config, DictConfig) else ():
        parameter = view.parameter((*key, str(name)), option)
        if parameter is not None and parameter.type.has("dict") and isinstance(config[name], DictConfig):
            OmegaConf.set_struct(config[name], False)


def _put(values: dict[str, Any], key: tuple[str, ...], value: Any) -> None:
    if not (key[0] in REGISTRIES and key[0] != CALLBACKS):
        for part in key[:-1]:
            values = values.setdefault(part, {})
        values[key[-1]] = value


def _bare(path: str) -> str:
    return path.strip("/").removesuffix(".yaml")


def _active_plan() -> Plan:
    assert _plan is not None, "install() comes first"
    return _plan


def _active_view() -> View:
    assert _view is not None, "install() comes first"
    return _view


def _option_view(kind: str) -> View:
    views = [view for view in (_active_view(), *_active_plan().views) if kind in view.kinds]
    if not views:
        raise ConfigLoadError(f"no kind {kind}")
    return views[0]


def _options(kind: str) -> list[str]:
    return [*REGISTRIES[kind].entries(), NONE] if kind in KINDS else []


def _primaries() -> list[str]:
    return [ALL, *(view.name for view in _active_plan().views)]
