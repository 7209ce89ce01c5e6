"""Stage `load`: files of entities and relations into the graph; leaves the bundle that answers."""

from pathlib import Path

from tengjia import graph
from tengjia.config import Settings
from tengjia.runs import RunFolder


def load(config: Settings, run: RunFolder) -> dict[str, float]:
    """Files of entities and relations into the graph; leaves the bundle that answers."""
    return graph.load(config, run, folder=Path(__file__).parent)
