"""`explain=KEY`: which file, line or override set a value."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from tengjia.command.composition import compose_view, install
from tengjia.command.effective import HIDDEN, Effect, take_effect
from tengjia.command.plan import Origin, Plan
from tengjia.config.parameters import written
from tengjia.config.settings import Settings
from tengjia.errors import COMMAND_LINE, ConfigurationError
from tengjia.messages import text
from tengjia.utilities.suggestions import suggestions


def explain(plan: Plan, keys: Sequence[str]) -> int:
    """Print the value and the origin of each key, or of every key under it."""
    effects = effects_of(plan)
    for wanted in keys:
        found = False
        for effect in effects:
            for key, assignment in effect.assignments.items():
                dotted = assignment.dotted
                if wanted in {"", "all"} or dotted == wanted or dotted.startswith(f"{wanted}."):
                    found = True
                    print(f"{dotted} = {_shown(effect, key)}    ({_place(assignment.origin)})", file=sys.stdout)
            if found:
                break
        if not found:
            known = [assignment.dotted for effect in effects for assignment in effect.assignments.values()]
            near = suggestions(wanted, known)
            heads = ", ".join(dict.fromkeys(name.partition(".")[0] for name in known))
            raise ConfigurationError("config.unknown_key", key=wanted, nearest=near, allowed=heads)
    return 0


def effects_of(plan: Plan) -> list[Effect]:
    """The configs of a plan, composed, without running anything."""
    install(plan)
    composed = [compose_view(view, known_overrides(plan, index)) for index, view in enumerate(plan.views)]
    return [take_effect(plan, view, config) for view, config in zip(plan.views, composed)]


def known_overrides(plan: Plan, index: int) -> list[str]:
    """The overrides that a view knows, as Hydra's grammar wants them."""
    view = plan.views[index]
    kept = []
    for override in plan.overrides:
        known = override.key in view.kinds or view.parameter(tuple(override.key.split("."))) is not None
        if known or override.key.startswith(("hydra.", "hydra/")):
            kept.append(override.text)
    return kept


def _place(origin: Origin) -> str:
    return text("run.command_line").message if origin.file == COMMAND_LINE else str(origin)


def _shown(effect: Effect, key: tuple[str, ...]) -> str:
    if key in effect.secrets:
        return HIDDEN
    value: Any = effect.settings
    for part in key:
        value = value[part]
    return written(value.plain() if isinstance(value, Settings) else value)
