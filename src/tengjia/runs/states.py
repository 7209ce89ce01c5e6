"""What became of a stage, a run or a job, in words."""

from __future__ import annotations

from typing import Final

from tengjia.messages import text

STATES: Final = {
    "new": "run.state_new",
    "running": "run.state_running",
    "finished": "run.state_finished",
    "failed": "run.state_failed",
    "interrupted": "run.state_interrupted",
}


def state_word(state: str) -> str:
    """The word for a state."""
    return text(STATES[state]).message
