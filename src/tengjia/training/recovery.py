"""Goes on from the newest complete checkpoint of a run, if there is one."""

from __future__ import annotations

import logging

from tengjia.checkpoint import Checkpoint, CheckpointStore
from tengjia.errors import CheckpointError
from tengjia.messages import text
from tengjia.training.context import Context
from tengjia.training.snapshot import restore
from tengjia.training.watch import LossWatch

logger = logging.getLogger(__name__)


def resume(context: Context, watch: LossWatch) -> bool:
    """Put the training where its newest complete checkpoint was taken; true if there was one. Collective.

    Raises:
        CheckpointError: It was made with another seed, or for another model.
    """
    if context.run is None:
        return False
    store = CheckpointStore(context.run.checkpoints)
    checkpoint = _newest(store, context)
    if checkpoint is None:
        return False
    if checkpoint.state["seed"] != context.seed:
        reason = f"seed {checkpoint.state['seed']} there, {context.seed} here"
        raise CheckpointError("checkpoint.does_not_fit", found=checkpoint.name, reason=reason)
    restore(context, checkpoint, watch)
    state = context.state
    words = text("trainer.resumed", name=checkpoint.name, epoch=state.epoch + 1, step=state.step)
    logger.info(words.message)
    return True


def _newest(store: CheckpointStore, context: Context) -> Checkpoint | None:
    # Only one process sets damaged checkpoints aside; the others read what it chose.
    if context.ranks.primary:
        store.tidy()
        found = store.newest()
        context.ranks.same_text(found.name if found else "")
        return found
    name = context.ranks.same_text("")
    return store.read(name) if name else None
