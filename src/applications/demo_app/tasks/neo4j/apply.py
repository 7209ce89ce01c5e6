"""Stage `apply`: ask the graph."""

from tengjia import graph
from tengjia.config import Settings
from tengjia.runs import RunFolder


def apply(config: Settings, run: RunFolder) -> dict[str, float]:
    """Answer at a prompt, one question, some features, or a file."""
    return graph.apply(config, run)
