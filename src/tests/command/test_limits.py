"""The limits that modules declare are those of parameters that they have, and hold for their defaults."""

from __future__ import annotations

import pytest

from tengjia.registry import REGISTRIES, Scope, set_scope

set_scope(Scope())
DECLARED = [
    (kind, name, limits)
    for kind, registry in REGISTRIES.items()
    for name in registry.entries()
    if (limits := registry.schema(name).attributes.get("limits"))
]


def test_models_and_optimizers_declare_limits():
    assert {"model", "optimizer", "schedule", "criterion", "trainer", "tester"} <= {kind for kind, _, _ in DECLARED}


@pytest.mark.parametrize(("kind", "name", "limits"), DECLARED, ids=[f"{kind}/{name}" for kind, name, _ in DECLARED])
def test_defaults_lie_within(kind: str, name: str, limits: dict[str, tuple[float | None, float | None]]):
    parameters = REGISTRIES[kind].schema(name).parameters
    for parameter, (least, most) in limits.items():
        default = parameters[parameter].default
        for number in default if isinstance(default, list) else [default]:
            assert number is None or ((least is None or number >= least) and (most is None or number <= most)), (
                parameter
            )
