"""The limits that modules declare are those of parameters that they have, and hold for their defaults."""

from __future__ import annotations

import pytest

from tengjia.command.sections import read_base_task, section_schema
from tengjia.registry import LIBRARY, REGISTRIES, Scope, set_scope

set_scope(Scope())
SECTIONS = {
    **read_base_task("sequence_labeling").sections["training"],
    **read_base_task("sequence_labeling").sections["testing"],
}
SCHEMAS = {
    **{(kind, name): registry.schema(name) for kind, registry in REGISTRIES.items() for name in registry.entries()},
    **{("section", name): section_schema(LIBRARY.parents[1], home) for name, home in SECTIONS.items()},
}
DECLARED = [
    (kind, name, limits) for (kind, name), schema in SCHEMAS.items() if (limits := schema.attributes.get("limits"))
]


def test_models_and_optimizers_declare_limits():
    assert {kind for kind, _, _ in DECLARED} >= {
        "callbacks", "criterion", "model", "optimizer", "reader", "schedule", "section", "tester", "tokenizer", "trainer",
        "vectors",
    }  # fmt: skip


UNLIMITED = {
    "criterion": {"ignored_index"},
    "optimizer": {"beta2_decay"},
    "callbacks": {"loss_threshold", "metric_threshold"},
    "reader": {"token_column", "tag_column"},
    "evaluator": {"relevant"},  # a score on the scale of the data
}
"""Kind -> numbers that may be anything."""


@pytest.mark.parametrize(
    ("kind", "name"), [key for key in SCHEMAS if key[0] != "section"], ids=lambda word: word.replace("/", "-")
)
def test_every_number_has_limits(kind: str, name: str):
    schema = SCHEMAS[kind, name]
    numbers = {one.name for one in schema.parameters.values() if one.type.has("int") or one.type.has("float")}
    assert numbers - set(schema.attributes.get("limits", ())) - UNLIMITED.get(kind, set()) == set()


@pytest.mark.parametrize(("kind", "name", "limits"), DECLARED, ids=[f"{kind}/{name}" for kind, name, _ in DECLARED])
def test_defaults_lie_within(kind: str, name: str, limits: dict[str, tuple[float | None, float | None]]):
    parameters = SCHEMAS[kind, name].parameters
    for parameter, (least, most) in limits.items():
        default = parameters[parameter].default
        for number in default if isinstance(default, list) else [default]:
            assert number is None or ((least is None or number >= least) and (most is None or number <= most)), (
                parameter
            )
