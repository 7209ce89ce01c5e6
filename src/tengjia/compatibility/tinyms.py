"""Names of `tinyms.pipeline`, its spelling mistakes included: `from tengjia.compatibility.tinyms import ...`.

What its README imports is here; the names are those of `tengjia.pretrained`, which new programs use.
"""

from __future__ import annotations

from tengjia.pretrained import (
    AutoModelPipeline,
    AutoTrainerPipeline,
    BaseArgsFromConfig,
    ConfigMixin,
    FromConfig,
    Ignore,
    SubFolder,
    TrainerConfigMixin,
    copy_signature,
    make_filelist,
    save_config,
    set_from_config,
    wrap_config_mixin,
)

AutoModelPileline = AutoModelPipeline
"""As the README spells it."""

__all__ = [
    "AutoModelPileline",
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
