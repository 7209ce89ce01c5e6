"""The config sections of text classification, besides the modules: name -> where its `Config` stands.

Read as syntax by the checker, so the values are literals.
"""

TRAINING = {
    "cleaning": "tengjia.data.cleaning:Cleaning",
    "split": "tengjia.data.splitting:Split",
    "sampling": "tengjia.data.sampling:Sampling",
    "preprocess": "tengjia.data.preprocessing:Preprocessing",
    "encoding": "tengjia.base_tasks.text_classification.encoding:Encoding",
    "decision": "tengjia.base_tasks.text_classification.decision:FittedDecision",
    "golden": "tengjia.bundle.golden:Golden",
    "publish": "tengjia.store.publishing:Publishing",
}
"""Sections of `config_task_training.yaml` (stages `preprocess` and `train`)."""

TESTING = {
    "preprocess": "tengjia.data.preprocessing:Preprocessing",
    "decision": "tengjia.base_tasks.text_classification.decision:Decision",
    "apply": "tengjia.base_tasks.text_classification.application:Application",
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

FITS = {"model": ("classes",), "criterion": ("classes",), "evaluator": ("classes",)}
"""What a model gives (`decoder`), a criterion takes (`decoder`) and an evaluator is given (`measures`)."""
