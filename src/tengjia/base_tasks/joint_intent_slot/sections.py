"""The config sections of joint intent and slots, besides the modules: name -> where its `Config` stands.

Read as syntax by the checker, so the values are literals.
"""

TRAINING = {
    "cleaning": "tengjia.data.cleaning:Cleaning",
    "split": "tengjia.data.splitting:Split",
    "sampling": "tengjia.data.sampling:Sampling",
    "preprocess": "tengjia.data.preprocessing:Preprocessing",
    "encoding": "tengjia.base_tasks.joint_intent_slot.encoding:Encoding",
    "decision": "tengjia.base_tasks.joint_intent_slot.decision:FittedDecision",
    "golden": "tengjia.bundle.golden:Golden",
    "publish": "tengjia.store.publishing:Publishing",
}
"""Sections of `config_task_training.yaml` (stages `preprocess` and `train`)."""

TESTING = {
    "preprocess": "tengjia.data.preprocessing:Preprocessing",
    "decision": "tengjia.base_tasks.joint_intent_slot.decision:Decision",
    "apply": "tengjia.base_tasks.joint_intent_slot.application:Application",
}
"""Sections of `config_task_testing.yaml` (stages `test` and `apply`)."""

REQUIRED = {
    "training": ("dataset", "tokenizer", "model", "criterion", "optimizer", "evaluator", "trainer"),
    "testing": ("dataset", "evaluator", "tester"),
}
"""Kinds of which a module must be chosen."""

FITS = {"model": ("joint",), "criterion": ("joint",), "evaluator": ("joint",)}
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
