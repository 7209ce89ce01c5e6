"""A graph that answers: its bundle, and the pipeline on it.

model/config.json       base task, versions
model/resources.json    which database, and what the graph holds; stands instead of weights
model/templates.json    the kinds of questions
model/knowledge.lbdb    the graph, if it is embedded; else the name of the connection stands in resources.json
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, overload

import tengjia
from tengjia.bundle.folder import MODEL_CONFIG, RESOURCES, Bundle, written_bundle
from tengjia.bundle.plain import parse_json
from tengjia.bundle.record import Record, write_record
from tengjia.errors import CheckpointError, ConfigurationError
from tengjia.graph.answering import Answer, Answerer, Recogniser
from tengjia.graph.backends import Backend, Schema, open_backend, require_named_server
from tengjia.graph.contents import Contents
from tengjia.graph.identifiers import is_identifier
from tengjia.graph.retrieval import CANDIDATES, QUESTIONS, Retrieved
from tengjia.graph.templates import Templates, compile_templates
from tengjia.graph.writing import write_contents
from tengjia.utilities.files import write_json

BASE_TASK: Final = "knowledge_graph"
FORMAT: Final = 1
TEMPLATES: Final = "model/templates.json"
_USAGE: Final = """\
from tengjia.graph.pipeline import GraphPipeline

pipeline = GraphPipeline.load("bundle")
print(pipeline("...").answers)"""
_PLACE: Final = {"ladybug": ("backend",), "neo4j": ("backend", "uri", "user", "database")}


class GraphPipeline:
    """Questions in, answers out.

    Args:
        backend: The graph; closed with the pipeline, and when it cannot be asked.
        templates: The kinds of questions.
        schema: What the graph holds.
        recogniser: Finds names that the dictionary has not.
    """

    def __init__(
        self, backend: Backend, templates: Templates, schema: Schema, recogniser: Recogniser | None = None
    ) -> None:
        self.backend, self.schema = backend, schema
        try:
            self.answerer = Answerer(backend, templates, schema, recogniser)
        except BaseException:
            backend.close()
            raise

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the graph."""
        return tuple(sorted(self.schema.properties))

    @overload
    def __call__(self, texts: str) -> Answer: ...  # type: ignore[overload-overlap]

    @overload
    def __call__(self, texts: Sequence[str]) -> list[Answer]: ...

    def __call__(self, texts: str | Sequence[str]) -> Answer | list[Answer]:
        """The answer to a question, or to each of several."""
        return self.answerer(texts) if isinstance(texts, str) else [self.answerer(text) for text in texts]

    def retrieve(
        self, features: Sequence[str], *, candidates: int = CANDIDATES, questions: int = QUESTIONS
    ) -> Retrieved:
        """Questions about features, with their answers.

        Raises:
            ConfigurationError: The templates say nothing of features.
        """
        if not self.answerer.templates.retrieval:
            raise ConfigurationError("graph.no_retrieval", key="apply.features")
        return self.answerer.retrieve(features, candidates=candidates, questions=questions)

    def plain_answers(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Ask, and give the answers as JSON values."""
        return [answer.plain() for answer in self(texts)]

    def close(self) -> None:
        """Let go of the database."""
        self.backend.close()

    @classmethod
    def load(cls, folder: Path | str, *, device: str = "cpu", trust_code: bool = False) -> GraphPipeline:
        """Read a bundle, every file verified first; nothing is written.

        Args:
            folder: The bundle.
            device: Of no matter here.
            trust_code: Of no matter here: there is none.

        Raises:
            CheckpointError: The bundle is damaged, or of another task or format.
            EnvironmentFault: The database is not installed, the server does not answer, or it is not the one that
                the environment names (`NEO4J_URI`).
        """
        bundle = Bundle.open(Path(folder))
        bundle.require(BASE_TASK, FORMAT)
        place, schema = _resources(bundle)
        require_named_server(place)
        file = bundle.folder / TEMPLATES
        data = parse_json(bundle.read(TEMPLATES), file)
        templates = compile_templates(data if isinstance(data, dict) else {}, schema, str(file))
        return cls(open_backend(place, bundle.model_folder), templates, schema)


def save_graph(
    folder: Path,
    contents: Contents,
    templates: Templates,
    place: Mapping[str, Any],
    record: Record,
    *,
    batch_size: int,
    done: Callable[[int], None] = lambda count: None,
) -> None:
    """Write a graph and its bundle: an embedded one wholly or not at all, one on a server so that it can be done again.

    Args:
        folder: Where the bundle will stand; an older one there is replaced at the very end.
        contents: The graph.
        templates: The kinds of questions; the default ones become golden examples.
        place: Which database.
        record: Where the data come from.
        batch_size: Elements of one transaction.
        done: Told of the elements written so far.
    """
    schema = contents.schema()
    with written_bundle(folder) as temporary:
        target = temporary / "model"
        target.mkdir()
        backend = open_backend(place, target, writable=True)
        try:
            write_contents(contents, backend, batch_size=batch_size, done=done)
        finally:
            backend.close()
        config = {"format": FORMAT, "tengjia": tengjia.__version__, "base_task": BASE_TASK}
        write_json(temporary / MODEL_CONFIG, config)
        write_json(temporary / RESOURCES, {**place, "schema": schema.plain()})
        write_json(temporary / TEMPLATES, templates.source)
        pipeline = GraphPipeline(open_backend(place, target), templates, schema)
        try:
            record = replace(record, base_task=BASE_TASK, golden_source="test", golden_texts=templates.defaults)
            write_record(temporary, record, pipeline, modules={}, code=(), usage=_USAGE)
        finally:
            pipeline.close()


def _resources(bundle: Bundle) -> tuple[dict[str, str], Schema]:
    """The database and the schema that a bundle names, strictly read."""
    file = bundle.folder / RESOURCES
    values = parse_json(bundle.read(RESOURCES), file)
    try:
        place = {key: values[key] for key in _PLACE[values["backend"]]}
        said = values["schema"]
        schema = Schema(
            {_name(label): set(map(_name, found)) for label, found in said["properties"].items()},
            {_name(kind): {(_name(a), _name(b)) for a, b in pairs} for kind, pairs in said["ends"].items()},
            {_name(kind): set(map(_name, found)) for kind, found in said["relation_properties"].items()},
        )
        if not all(isinstance(value, str) for value in place.values()):
            raise TypeError(str(place))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError("bundle.not_plain", file=file, key="resources", found=str(error)[:200]) from None
    return place, schema


def _name(value: Any) -> str:
    if not is_identifier(value):
        raise ValueError(repr(value)[:100])
    return str(value)
