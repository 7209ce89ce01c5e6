"""Objects that remember how they were made, and models by name: from a folder, a cache, a store, a hub, the web.

    from tengjia.pretrained import AutoModelPipeline

    model = AutoModelPipeline.from_pretrained("models", "hf://owner/name@v1")
    entities = model("林清远毕业于云山大学。")

Each name is imported when first used; importing this package imports nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tengjia.utilities.lazy_names import lazily

if TYPE_CHECKING:
    from tengjia.pretrained.arguments import BaseArgsFromConfig, copy_signature, set_from_config
    from tengjia.pretrained.auto import AutoModelPipeline, AutoTrainerPipeline
    from tengjia.pretrained.lists import make_filelist
    from tengjia.pretrained.markers import FromConfig, Ignore, SubFolder
    from tengjia.pretrained.mixins import ConfigMixin, TrainerConfigMixin
    from tengjia.pretrained.recording import save_config
    from tengjia.pretrained.wrapping import wrap_config_mixin

__all__ = [
    "AutoModelPipeline",
    "AutoTrainerPipeline",
    "BaseArgsFromConfig",
    "ConfigMixin",
    "FromConfig",
    "Ignore",
    "SubFolder",
    "TrainerConfigMixin",
    "copy_signature",
    "make_filelist",
    "save_config",
    "set_from_config",
    "wrap_config_mixin",
]

__getattr__ = lazily(
    __name__,
    {
        "AutoModelPipeline": ".auto",
        "AutoTrainerPipeline": ".auto",
        "BaseArgsFromConfig": ".arguments",
        "ConfigMixin": ".mixins",
        "FromConfig": ".markers",
        "Ignore": ".markers",
        "SubFolder": ".markers",
        "TrainerConfigMixin": ".mixins",
        "copy_signature": ".arguments",
        "make_filelist": ".lists",
        "save_config": ".recording",
        "set_from_config": ".arguments",
        "wrap_config_mixin": ".wrapping",
    },
)


def __dir__() -> list[str]:
    return [*__all__]
