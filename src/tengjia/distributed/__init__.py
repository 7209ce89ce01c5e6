"""Several processes that train one model (`torchrun`)."""

from tengjia.distributed.ranks import SINGLE, Ranks, is_primary, joined

__all__ = ["SINGLE", "Ranks", "is_primary", "joined"]
