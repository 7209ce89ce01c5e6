"""The config sections of sequence labelling, besides the modules: name -> where its `Config` stands.

Read as syntax by the checker, so the values are literals.
"""

TRAINING = {
    "cleaning": "tengjia.data.cleaning:Cleaning",
    "split": "tengjia.data.splitting:Split",
    "sampling": "tengjia.data.sampling:Sampling",
    "preprocess": "tengjia.data.preprocessing:Preprocessing",
    "encoding": "tengjia.base_tasks.sequence_labeling.encoding:Encoding",
    "golden": "tengjia.bundle.golden:Golden",
    "publish": "tengjia.store.publishing:Publishing",
}
"""Sections of `config_task_training.yaml` (stages `preprocess` and `train`)."""

TESTING = {
    "preprocess": "tengjia.data.preprocessing:Preprocessing",
    "apply": "tengjia.base_tasks.sequence_labeling.application:Application",
}
"""Sections of `config_task_testing.yaml` (stages `test` and `apply`)."""

REQUIRED = {
    "training": ("dataset", "tokenizer", "model", "criterion", "optimizer", "evaluator", "trainer"),
    "testing": ("dataset", "evaluator", "tester"),
}
"""Kinds of which a module must be chosen."""

FITS = {
    "model": ("crf", "softmax"),
    "criterion": ("crf", "softmax"),
    "evaluator": ("tags",),
}
"""What the chosen modules may be for: their `decoder`, or `measures` (`tengjia.contracts`)."""

FROM_RUN = (
    "tokenizer",
    "vectors",
    "model",
    "criterion",
    "optimizer",
    "schedule",
    "trainer",
    "encoding",
    "cleaning",
    "split",
    "sampling",
)
"""Kinds and sections that `test` and `apply` take from the run; to set them there is an error."""
