"""Stage `build`: rows of pages or tables to files of entities and relations."""

from pathlib import Path

from tengjia import graph
from tengjia.config import Settings
from tengjia.runs import RunFolder


def build(config: Settings, run: RunFolder) -> dict[str, float]:
    """Rows of pages or tables to files of entities and relations."""
    return graph.build(config, run, folder=Path(__file__).parent)
