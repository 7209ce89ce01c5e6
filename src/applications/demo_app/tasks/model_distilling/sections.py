"""The config sections of this task's own stage, beside those of its base task."""

TRAINING = {
    "distil": "tengjia.distillation.section:Distil",
    "student": "tengjia.distillation.section:Student",
    "augmentation": "tengjia.distillation.augmentation:Augmentation",
}
