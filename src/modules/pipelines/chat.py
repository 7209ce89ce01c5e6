"""The robot as a bundle, and the pipeline on it.

model/config.json       base task, versions
model/resources.json    threshold, seed, fingerprints of the sources; stands instead of weights
model/templates.json    the templates
model/pairs.jsonl       the corpus
model/index/            words and vectors; mapped, not read
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Final

import tengjia
from src.modules.chat.corpus import Pair
from src.modules.chat.embedding import of_bundle
from src.modules.chat.robot import Reply, Robot
from src.modules.chat.templates import compile_templates
from tengjia.base_tasks.stages.answering import AnsweringPipeline
from tengjia.bundle.folder import MODEL_CONFIG, RESOURCES, Bundle, written_bundle
from tengjia.bundle.plain import parse_json
from tengjia.bundle.record import Record, write_record
from tengjia.errors import CheckpointError
from tengjia.registry import pipelines
from tengjia.retrieval.index import Index
from tengjia.retrieval.vectors import AveragedWords, Embedder
from tengjia.utilities.files import write_json, write_text

BASE_TASK: Final = "chat"
FORMAT: Final = 1
TEMPLATES: Final = "model/templates.json"
PAIRS: Final = "model/pairs.jsonl"
INDEX: Final = "model/index"
_EVERY: Final = 64
Sources = Mapping[str, Mapping[str, str]]
"""SHA-256 of the files that a robot was built from: `templates` and `corpus` -> name in the config -> digest."""

_USAGE: Final = """\
from src.modules.pipelines.chat import ChatPipeline

pipeline = ChatPipeline.load("bundle")
print(pipeline("...").answer)"""


@pipelines.register("chat")
class ChatPipeline(AnsweringPipeline):
    """Questions in, replies out (`AnsweringPipeline`: one, many, or a stream of them).

    Args:
        robot: Answers.
        sources: What it was built from.
    """

    @dataclass(frozen=True)
    class NoOptions:
        """There is nothing to choose."""

    Options: ClassVar[type[Any]] = NoOptions
    device: ClassVar[str] = "cpu"

    def __init__(self, robot: Robot, sources: Sources | None = None) -> None:
        super().__init__(None)
        self.robot, self.sources = robot, dict(sources or {})

    def answer(self, questions: Sequence[Any], batch_size: int, check: Callable[[], None]) -> list[Any]:
        """The reply to each question."""
        replies = []
        for number, question in enumerate(questions):
            if number % _EVERY == 0:
                check()
            replies.append(self.robot(question))
        return replies

    def plain(self, answers: Iterable[Reply]) -> list[dict[str, Any]]:
        """Replies as JSON values."""
        return [answer.plain() for answer in answers]

    def restored(self, values: Iterable[Mapping[str, Any]]) -> list[Reply]:
        """The replies of which `plain` made these values."""
        return [Reply(**value) for value in values]

    @classmethod
    def load(cls, folder: Path | str, *, device: str = "cpu", trust_code: bool = False) -> ChatPipeline:
        """Read a bundle, every file verified first; nothing is written.

        Args:
            folder: The bundle.
            device: Of no matter here.
            trust_code: Of no matter here: there is none.

        Raises:
            CheckpointError: The bundle is damaged, or of another task or format.
            ConfigurationError: Its templates are not as they must be.
        """
        bundle = Bundle.open(Path(folder))
        bundle.require(BASE_TASK, FORMAT)
        file = bundle.folder / TEMPLATES
        data = parse_json(bundle.read(TEMPLATES), file)
        templates = compile_templates(data if isinstance(data, dict) else {}, str(file))
        pairs = _pairs(bundle.folder / PAIRS)
        facts = _resources(bundle)
        index = Index.load(bundle.folder / INDEX, embedder=_embedder(bundle, facts["encoder"]))
        robot = Robot(templates, pairs, index, threshold=facts["threshold"], seed=facts["seed"])
        if len(index) != len(robot.owners) + len(pairs):
            raise CheckpointError("retrieval.bad_index", file=bundle.folder / INDEX, found=f"{len(index)} texts")
        return cls(robot, facts["sources"])


def save_chat(
    folder: Path,
    robot: Robot,
    record: Record,
    *,
    sources: Sources,
    encoder: str | None,
    samples: Sequence[str],
) -> None:
    """Write a robot as a bundle, wholly or not at all.

    Args:
        folder: Where the bundle will stand; an older one there is replaced at the very end.
        robot: To be kept.
        record: Where the data come from.
        sources: What it was built from.
        encoder: Folder of the trained encoder of its vectors, if there is one.
        samples: Questions that become golden examples.
    """
    with written_bundle(folder) as temporary:
        (temporary / "model").mkdir()
        write_json(temporary / MODEL_CONFIG, {"format": FORMAT, "tengjia": tengjia.__version__, "base_task": BASE_TASK})
        written = {kind: dict(files) for kind, files in sources.items()}
        facts = {"threshold": robot.threshold, "seed": robot.seed, "sources": written, "encoder": encoder}
        write_json(temporary / RESOURCES, facts)
        write_json(temporary / TEMPLATES, robot.templates.source)
        rows = (json.dumps([pair.question, pair.answer], ensure_ascii=False) for pair in robot.pairs)
        write_text(temporary / PAIRS, "".join(f"{row}\n" for row in rows))
        robot.index.save(temporary / INDEX)
        if isinstance(robot.index.embedder, AveragedWords):
            robot.index.embedder.save(temporary / INDEX)
        record = replace(record, base_task=BASE_TASK, golden_source="test", golden_texts=samples)
        write_record(temporary, record, ChatPipeline(robot), modules={}, code=(), usage=_USAGE)


def _pairs(file: Path) -> list[Pair]:
    try:
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        pairs = [Pair(question, answer) for question, answer in rows]
        if not all(isinstance(words, str) for pair in pairs for words in (pair.question, pair.answer)):
            raise ValueError("no text")
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise CheckpointError("bundle.bad_json", file=file, found=str(error)[:200]) from None
    return pairs


def _resources(bundle: Bundle) -> dict[str, Any]:
    file = bundle.folder / RESOURCES
    values = parse_json(bundle.read(RESOURCES), file)
    try:
        threshold, seed, encoder = float(values["threshold"]), int(values["seed"]), values["encoder"]
        sources = {
            kind: {str(k): str(v) for k, v in values["sources"][kind].items()} for kind in ("templates", "corpus")
        }
        if not (0.0 <= threshold <= 1.01 and (encoder is None or isinstance(encoder, str))):
            raise ValueError(f"threshold = {threshold}")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError("bundle.not_plain", file=file, key="resources", found=str(error)[:200]) from None
    return {"threshold": threshold, "seed": seed, "sources": sources, "encoder": encoder}


def _embedder(bundle: Bundle, encoder: str | None) -> Embedder | None:
    folder = bundle.folder / INDEX
    if encoder is not None:
        return of_bundle(Path(encoder))
    return AveragedWords.load(folder) if (folder / "words.json").is_file() else None
