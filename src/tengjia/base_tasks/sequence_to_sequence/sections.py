"""The config sections of sequence to sequence, besides the modules: name -> where its `Config` stands.

Read as syntax by the checker, so the values are literals.
"""

TRAINING = {
    "cleaning": "tengjia.data.cleaning:Cleaning",
    "split": "tengjia.data.splitting:Split",
    "sampling": "tengjia.data.sampling:Sampling",
    "preprocess": "tengjia.data.preprocessing:Preprocessing",
    "encoding": "tengjia.base_tasks.sequence_to_sequence.encoding:Encoding",
    "generation": "tengjia.layers.generation.options:Generation",
    "golden": "tengjia.bundle.golden:Golden",
    "publish": "tengjia.store.publishing:Publishing",
}
"""Sections of `config_task_training.yaml` (stages `preprocess` and `train`)."""

TESTING = {
    "preprocess": "tengjia.data.preprocessing:Preprocessing",
    "generation": "tengjia.layers.generation.options:Generation",
    "apply": "tengjia.base_tasks.sequence_to_sequence.application:Application",
}
"""Sections of `config_task_testing.yaml` (stages `test` and `apply`)."""

REQUIRED = {
    "training": ("dataset", "tokenizer", "model", "criterion", "optimizer", "evaluator", "trainer"),
    "testing": ("dataset", "evaluator", "tester"),
}
"""Kinds of which a module must be chosen."""

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

FITS = {"model": ("sequence",), "criterion": ("sequence",), "evaluator": ("sequences", "pieces")}
"""What a model gives (`decoder`), a criterion takes (`decoder`) and an evaluator is given (`measures`)."""
