"""Distillation: a small classifier learns from a large one (Hinton et al. 2015; Tang et al. 2019; Jiao et al. 2020).

The functions that a task's step files call. Each is imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tengjia.utilities.lazy_names import lazily

if TYPE_CHECKING:
    from tengjia.distillation.stage import distil, train_teacher
    from tengjia.distillation.students import student_config

__all__ = ["distil", "student_config", "train_teacher"]

__getattr__ = lazily(__name__, {"distil": ".stage", "student_config": ".students", "train_teacher": ".stage"})
