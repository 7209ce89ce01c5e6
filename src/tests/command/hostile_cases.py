"""Broken and hostile configs: what each command or file must be answered with."""

from __future__ import annotations

from typing import NamedTuple

CANARY = "{_target_: canary.sing}"


class Case(NamedTuple):
    """One mistake."""

    code: str
    """Code of the problem that must be told."""
    message: str
    """Part of its message."""
    hint: str
    """Part of its hint."""
    words: tuple[str, ...] = ()
    """The command line."""
    training: str = ""
    """Appended to the training file (`old >>> new` replaces instead)."""
    project: str = ""
    """Appended to the project file, likewise."""
    testing: str = ""
    """Appended to the testing file, likewise."""
    where: str = ""
    """Part of the place: file, line, key."""


def _line(*words: str) -> tuple[str, ...]:
    return words


_MODEL = "dataset:\n >>> model:\n  {}\ndataset:\n"


def _model(line: str) -> str:
    return _MODEL.format(line)


MISSPELT: dict[str, Case] = {
    "top key": Case("config.unknown_key", "did you mean `seed`?", "correct the key", _line("sead=3"), where="sead"),
    "top key in file": Case(
        "config.unknown_key",
        "did you mean `seed`?",
        "correct the key",
        training="sede: 3\n",
        where="training.yaml:23: sede",
    ),
    "top key in project": Case(
        "config.unknown_key",
        "did you mean `log_root`?",
        "correct",
        project="logroot: x\n",
        where="config_project.yaml:5: logroot",
    ),
    "kind as key": Case("config.unknown_key", "did you mean `optimizer`?", "correct", training="optimiser:\n  lr: 1\n"),
    "kind in defaults": Case(
        "config.unknown_kind",
        "did you mean `optimizer`?",
        "correct the kind",
        training="- optimizer: adamw >>> - optimiser: adamw",
        where="training.yaml:10: optimiser",
    ),
    "module": Case(
        "config.unknown_fitting_module",
        "did you mean `bilstm_crf`",
        "put a file bilstm_crff.py in src/modules/models",
        _line("model=bilstm_crff"),
        where="command line: model",
    ),
    "module in file": Case(
        "config.unknown_module",
        "did you mean `cosine`?",
        "to add one",
        training="cosine >>> cosin",
        where="training.yaml:11: schedule",
    ),
    "module far from all": Case(
        "config.unknown_module",
        "no schedule `zzzz`; there are: constant, ",
        "to add one",
        _line("schedule=zzzz"),
    ),
    "model far from all": Case(
        "config.unknown_fitting_module",
        "no model `zzzz`; those that fit sequence_labeling are: bert_bilstm_crf, bert_crf, bert_softmax, bilstm_crf, "
        "bilstm_softmax, cnn_crf, transformer_crf",
        "src/modules/models",
        _line("model=zzzz"),
    ),
    "model near one of another base task": Case(
        "config.unknown_fitting_module", "did you mean `bert_crf`", "to add one", _line("model=bert_classifer")
    ),
    "criterion far from all": Case(
        "config.unknown_fitting_module",
        "no criterion `zzzz`; those that fit sequence_labeling are: crf, cross_entropy, ",
        "src/modules/criteria",
        _line("criterion=zzzz"),
    ),
    "evaluator": Case(
        "config.unknown_fitting_module",
        "no evaluator `entity_f2`; did you mean `entity_f1`? those that fit sequence_labeling are: entity_f1, ",
        "src/modules/evaluators",
        training="evaluator: entity_f1 >>> evaluator: entity_f2",
        where="training.yaml",
    ),
    "module in Chinese": Case("config.unknown_fitting_module", "no model `模型`", "to add one", _line("model=模型")),
    "module of named section": Case(
        "config.unknown_module", "did you mean `default`?", "to add one", project="trainer/defalt:\n  max_epochs: 3\n"
    ),
    "parameter": Case(
        "config.unknown_parameter",
        "optimizer `adamw` has no parameter `lrr`; did you mean `lr`?",
        "tengjia show optimizer/adamw",
        _line("optimizer.lrr=1e-3"),
        where="command line: optimizer.lrr",
    ),
    "parameter in file": Case(
        "config.unknown_parameter",
        "did you mean `hidden_size`?",
        "tengjia show model/bilstm_crf",
        training=_model("hiden_size: 3"),
        where="training.yaml:19: model.hiden_size",
    ),
    "parameter of another module": Case(
        "config.unknown_parameter",
        "has no parameter `beta1`",
        "tengjia show",
        _line("optimizer=sgd", "optimizer.beta1=0.5"),
    ),
    "parameter in named section": Case(
        "config.unknown_parameter",
        "did you mean `max_epochs`?",
        "tengjia show",
        project="trainer/default:\n  max_epoch: 3\n",
    ),
    "parameter of a section": Case(
        "config.unknown_parameter",
        "section `split` has no parameter `developement`; did you mean `development`?",
        "tengjia show",
        _line("split.developement=0.2"),
    ),
    "callback": Case(
        "config.unknown_callback",
        "did you mean `ema`?",
        "callbacks.NAME.enabled=true",
        _line("callbacks.emma.enabled=true"),
    ),
    "callback in file": Case(
        "config.unknown_callback",
        "did you mean `early_stopping`?",
        "callbacks.NAME",
        training="callbacks:\n  early_stoping:\n    enabled: true\n",
    ),
    "parameter of a callback": Case(
        "config.unknown_parameter",
        "callback `ema` has no parameter `decy`; did you mean `decay`?",
        "tengjia show",
        _line("callbacks.ema.decy=0.9"),
    ),
    "application": Case(
        "config.unknown_app", "did you mean `demo_app`?", "src/applications/NAME", _line("app=demo_ap")
    ),
    "task": Case("config.unknown_task", "did you mean `ner`?", "copy one to start", _line("task=nerr")),
    "task in project": Case(
        "config.unknown_task",
        "no task `nre`",
        "copy one",
        project="task: ner >>> task: nre",
        where="config_project.yaml:2: task",
    ),
    "stage": Case("config.unknown_stage", "did you mean `train`?", "makes a stage NAME", _line("stage=trian")),
    "parameter beside a misspelt stage": Case(
        "config.unknown_parameter", "did you mean `lr`?", "tengjia show", _line("stage=trian", "optimizer.lrr=1")
    ),
    "testing parameter beside a misspelt stage": Case(
        "config.unknown_parameter", "has no parameter `sample`", "tengjia show", _line("stage=tset", "tester.sample=1")
    ),
    "parameter beside a stage like none": Case(
        "config.unknown_parameter", "did you mean `lr`?", "tengjia show", _line("stage=zzzz", "optimizer.lrr=1")
    ),
    "stage in list": Case(
        "config.unknown_stage", "no stage `tets`; did you mean `test`?", "makes a stage", _line("stage=[train,tets]")
    ),
    "empty list of stages": Case("config.unknown_stage", "no stage `[]`", "makes a stage", _line("stage=[]")),
    "base task": Case(
        "config.unknown_base_task",
        "did you mean `sequence_labeling`?",
        "set base_task",
        training="base_task: sequence_labeling >>> base_task: sequence_labelling",
        where="training.yaml:16: base_task",
    ),
    "choice": Case(
        "config.wrong_choice",
        "expected one of auto | bio",
        "reader.scheme",
        _line("reader.scheme=bmse"),
        where="command line: reader.scheme",
    ),
    "choice in file": Case(
        "config.wrong_choice", "did you mean `bmes`?", "Letters of the tags", training="scheme: bmes >>> scheme: bmess"
    ),
    "metric": Case(
        "config.monitor",
        "gives no metric `entity_f2`; did you mean `entity_f1`",
        "monitor one of these",
        _line("trainer.monitor=entity_f2"),
    ),
    "metric in file": Case(
        "config.monitor",
        "gives no metric `accuracy`",
        "choose another evaluator",
        training="trainer:\n  monitor: accuracy\n",
    ),
}

TYPES: dict[str, Case] = {
    "text for a number": Case(
        "config.wrong_type", "expected float, found str 'fast'", "optimizer.lr", _line("optimizer.lr=fast")
    ),
    "text for an integer": Case(
        "config.wrong_type", "expected int, found str", "model.hidden_size: Width", training=_model('hidden_size: "64"')
    ),
    "fraction for an integer": Case(
        "config.wrong_type", "expected int, found float 2.5", "Passes over", _line("trainer.max_epochs=2.5")
    ),
    "bool for a number": Case(
        "config.wrong_type", "expected int, found bool true", "Passes", _line("trainer.max_epochs=true")
    ),
    "bool for a fraction": Case(
        "config.wrong_type", "expected float, found bool", "model.dropout", _line("model.dropout=false")
    ),
    "rate below zero": Case(
        "config.out_of_range", "allowed: >= 0.0", "optimizer.lr: Learning", _line("optimizer.lr=-1")
    ),
    "batch of nothing": Case(
        "config.out_of_range", "0 makes no sense here; allowed: >= 1", "Examples of one", _line("trainer.batch_size=0")
    ),
    "share above one": Case("config.out_of_range", "<= 1.0", "model.dropout", training=_model("dropout: 1.5")),
    "one number of a list": Case(
        "config.out_of_range", "allowed: >= 1", "model.dilations", _line("model=cnn_crf", "model.dilations=[1,0]")
    ),
    "null where none is allowed": Case("config.wrong_type", "expected int, found null", "seed", _line("seed=null")),
    "not a number": Case(
        "config.wrong_type", "expected float, found float nan", "optimizer.lr", _line("optimizer.lr=nan")
    ),
    "infinity": Case(
        "config.wrong_type", "expected float, found float inf", "optimizer.lr", training="optimizer:\n  lr: .inf\n"
    ),
    "list for a number": Case(
        "config.wrong_type", "expected float, found list [1, 2]", "optimizer.lr", _line("optimizer.lr=[1,2]")
    ),
    "mapping for a number": Case(
        "config.wrong_type", "expected float, found mapping {a}", "optimizer.lr", _line("optimizer.lr={a:1}")
    ),
    "text for a list": Case(
        "config.expected_list", "expected list[str]", "write [ner/train.txt]", _line("dataset.train=ner/train.txt")
    ),
    "number in a list of texts": Case(
        "config.expected_text",
        "expected str, found int 3",
        'put it in quotes: "3"',
        training="[ner/train.txt] >>> [3]",
        where="dataset.train.0",
    ),
    "no for a switch": Case(
        "config.yes_no", "found str 'no'", "write true or false", training=_model("constraints: no")
    ),
    "yes on the command line": Case(
        "config.yes_no", "found str 'yes'", "write true or false", _line("callbacks.ema.enabled=yes")
    ),
    "octal": Case("config.wrong_type", "found str '010'", "seed", project="seed: 1 >>> seed: 010"),
    "sexagesimal": Case("config.wrong_type", "found str '12:30'", "seed", project="seed: 1 >>> seed: 12:30"),
    "number for a text": Case("config.expected_text", "found int 20", 'quotes: "20"', training="run: 20\n"),
    "date for a text": Case(
        "config.run_name", "`2026/01/01` cannot name a new run", "choose another name", _line("run=2026/01/01")
    ),
    "mapping of wrong values": Case(
        "config.expected_text",
        "expected",
        "quotes",
        training="cleaning:\n  replacements: {a: 1}\n",
        where="cleaning.replacements.a",
    ),
    "module as mapping": Case(
        "config.not_a_name", "expected the name of a model", "parameters follow as", _line("model={name:bilstm_crf}")
    ),
    "module as list": Case(
        "config.not_a_name",
        "expected the name of a model",
        "write model=NAME",
        training="- model: bilstm_crf >>> - model: [bilstm_crf]",
    ),
    "module as number": Case("config.not_a_name", "found 3", "write model=NAME", _line("model=3")),
    "module below the list": Case(
        "config.choose_in_defaults",
        "holds parameters of a module, found 'bilstm_crf'",
        "`- model: bilstm_crf`",
        training="model: bilstm_crf\n",
    ),
    "section as text": Case(
        "config.section_not_a_mapping", "`split` is a section", "split.PARAMETER=VALUE", training="split: random\n"
    ),
    "section as text, command line": Case(
        "config.section_not_a_mapping", "is a section", "write its parameters", _line("split=random")
    ),
    "section as number": Case(
        "config.section_not_a_mapping", "found int 3", "split.PARAMETER=VALUE", _line("split=3"), where="command line"
    ),
    "callback as text": Case(
        "config.callback_switch",
        "`callbacks.ema` is a section with parameters, found bool true",
        "callbacks.ema.enabled=true",
        training="callbacks:\n  ema: true\n",
        where="training.yaml:24: callbacks.ema",
    ),
    "callback switched, command line": Case(
        "config.callback_switch", "found bool true", "callbacks.ema.enabled=true", _line("callbacks.ema=true")
    ),
    "callback switched off": Case(
        "config.callback_switch", "found bool false", "enabled=false", _line("callbacks.progress=false")
    ),
}

YAML: dict[str, Case] = {
    "open bracket": Case(
        "config.syntax",
        "this is not YAML",
        "missing colon, quote, bracket",
        training="[ner/train.txt] >>> [ner/train.txt",
    ),
    "open quote": Case(
        "config.syntax", "this is not YAML (column", "look at this line", project='app: demo_app >>> app: "demo_app'
    ),
    "two colons": Case(
        "config.syntax",
        "mapping values are not allowed here",
        "look at this line",
        training="model: x: y\n",
        where="training.yaml:23",
    ),
    "control sign": Case(
        "config.syntax", "special characters are not allowed", "look at this line", training="x: \x07\n"
    ),
    "unknown alias": Case("config.syntax", "undefined alias", "look at this line", training="seed: *a\n"),
    "two documents": Case("config.syntax", "document", "look at this line", training="---\nseed: 2\n"),
    "tab": Case(
        "config.tab",
        "indented by a tab (column 1)",
        "indent by spaces",
        training="  scheme: bmes >>> \tscheme: bmes",
        where="training.yaml:22",
    ),
    "duplicate key": Case(
        "config.duplicate_key",
        "this key stands twice; first in line 18",
        "keep one",
        training="dataset:\n  test: []\n",
        where="training.yaml:23: dataset",
    ),
    "inner duplicate": Case(
        "config.duplicate_key",
        "first in line 22",
        "keep one",
        training="  scheme: bio\n",
        where="training.yaml:23: reader.scheme",
    ),
    "python tag": Case(
        "config.tag",
        "python/object/apply:os.system",
        "plain value",
        training="seed: !!python/object/apply:os.system [ls]\n",
    ),
    "own tag": Case("config.tag", "found !secret", "plain value", training="seed: !secret x\n"),
    "merge key": Case(
        "config.bad_key", "found `<<`", "write KEY: VALUE", training="cleaning:\n  <<: {lower_case: true}\n"
    ),
    "list as key": Case("config.bad_key", "found list", "write KEY: VALUE", training="? [a, b]\n: 1\n"),
    "alias bomb": Case(
        "config.too_many_nodes",
        "repeats itself by aliases",
        "without `&`",
        training="a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdef", "bcdefg")),
    ),
    "self reference": Case(
        "config.too_many_nodes", "refers to itself", "write the values out", training="a: &a [*a]\n"
    ),
    "deep nesting": Case(
        "config.too_many_nodes", "too deep", "write the values out", training="a: " + "[" * 60 + "]" * 60 + "\n"
    ),
    "a list": Case(
        "config.not_a_mapping",
        "found list",
        "KEY: VALUE",
        project="app: demo_app\ntask: ner\nstage: train\nseed: 1\n >>> - app\n- task\n",
    ),
    "defaults as mapping": Case(
        "config.defaults_not_a_list",
        "`defaults` is a list",
        "KIND: NAME",
        training="defaults:\n >>> defaults: {model: bilstm_crf}\nx:\n",
    ),
    "defaults item": Case(
        "config.defaults_item", "`model` is not an item", "KIND: NAME", training="- model: bilstm_crf >>> - model"
    ),
    "file as default": Case(
        "config.defaults_item", "`/etc/passwd`", "/config_project", training="- /config_project >>> - /etc/passwd"
    ),
}

_CODE = "a config names no code"
_BY_NAME = "choose modules by their names"

FORBIDDEN: dict[str, Case] = {
    "target at the top": Case(
        "config.code_key", _CODE, _BY_NAME, training="_target_: canary.sing\n", where="training.yaml:23: _target_"
    ),
    "target in project": Case("config.code_key", _CODE, _BY_NAME, project="_target_: canary.sing\n"),
    "target in a module": Case(
        "config.code_key", _CODE, _BY_NAME, training=_model("_target_: canary.sing"), where="model._target_"
    ),
    "target in a value": Case("config.code_key", _CODE, _BY_NAME, training=f"optimizer:\n  lr: {CANARY}\n"),
    "target in a list": Case("config.code_key", _CODE, _BY_NAME, training=f"[ner/train.txt] >>> [{CANARY}]"),
    "target in a section": Case("config.code_key", _CODE, _BY_NAME, training="split: {_target_: canary.sing}\n"),
    "target in a callback": Case("config.code_key", _CODE, _BY_NAME, training=f"callbacks:\n  ema: {CANARY}\n"),
    "target in a free mapping": Case(
        "config.code_key", _CODE, _BY_NAME, training=f"cleaning:\n  replacements: {CANARY}\n"
    ),
    "target in testing": Case(
        "config.code_key", _CODE, _BY_NAME, _line("stage=test"), testing=f"evaluator: {CANARY}\n"
    ),
    "target override": Case("config.code_key", _CODE, _BY_NAME, _line("model._target_=canary.sing")),
    "target added": Case("config.code_key", _CODE, _BY_NAME, _line("+model._target_=canary.sing")),
    "target forced": Case("config.code_key", _CODE, _BY_NAME, _line("++_target_=canary.sing")),
    "target in an override's value": Case("config.code_key", _CODE, _BY_NAME, _line(f"optimizer.lr={CANARY}")),
    "target in a list override": Case("config.code_key", _CODE, _BY_NAME, _line(f"dataset.train=[{CANARY}]")),
    "target in a sweep": Case("config.code_key", _CODE, _BY_NAME, _line("-m", f"optimizer.lr=0.1,{CANARY}")),
    "target as choice": Case("config.code_key", _CODE, _BY_NAME, _line(f"model={CANARY}")),
    "target in hydra": Case(
        "config.code_key", _CODE, _BY_NAME, training="hydra:\n  sweeper: {_target_: canary.sing}\n"
    ),
    "target in hydra override": Case("config.code_key", _CODE, _BY_NAME, _line("hydra.launcher._target_=canary.sing")),
    "target in a hydra callback": Case("config.code_key", _CODE, _BY_NAME, _line(f"+hydra.callbacks.mine={CANARY}")),
    "partial": Case("config.code_key", "`_partial_`", _BY_NAME, training=_model("_partial_: true")),
    "arguments": Case("config.code_key", "`_args_`", _BY_NAME, training=_model("_args_: [1]")),
    "logging factory": Case(
        "config.code_key",
        "`()` is not allowed",
        _BY_NAME,
        training="hydra:\n  job_logging:\n    version: 1\n    handlers:\n      console:\n        (): canary.sing\n",
    ),
    "logging class": Case(
        "config.hydra_key",
        "`hydra.job_logging.handlers.a.class` of Hydra cannot be set",
        "check_point_root",
        training="hydra:\n  job_logging:\n    handlers:\n      a:\n        class: canary.Sing\n",
    ),
    "logging class override": Case(
        "config.hydra_key", "cannot be set", "log_root", _line("hydra.job_logging.handlers.file.class=canary.Sing")
    ),
    "logging group": Case(
        "config.hydra_key", "`hydra/job_logging` of Hydra cannot be set", "log_root", _line("hydra/job_logging=default")
    ),
    "logging group in defaults": Case(
        "config.hydra_key",
        "cannot be set",
        "log_root",
        training="- _self_ >>> - override hydra/hydra_logging: colorlog",
    ),
    "search path": Case(
        "config.hydra_key",
        "`hydra.searchpath` of Hydra cannot be set",
        "check_point_root",
        _line("hydra.searchpath=[file:///etc]"),
    ),
    "search path in file": Case(
        "config.hydra_key", "cannot be set", "check_point_root", training="hydra:\n  searchpath: [pkg://canary]\n"
    ),
    "run folder": Case("config.hydra_key", "`hydra.run.dir`", "check_point_root", _line("hydra.run.dir=/tmp")),
    "environment of jobs": Case(
        "config.hydra_key", "cannot be set", "check_point_root", _line("hydra.job.env_set.PYTHONPATH=/tmp")
    ),
    "custom search space": Case(
        "config.hydra_key", "cannot be set", "check_point_root", _line("hydra.sweeper.custom_search_space=canary.sing")
    ),
    "unknown sweeper": Case(
        "config.hydra_option", "did you mean `optuna`?", "one of the allowed", _line("hydra/sweeper=optunna")
    ),
    "unknown launcher": Case(
        "config.hydra_option",
        "allowed: basic",
        "one of the allowed",
        training="- _self_ >>> - override hydra/launcher: canary",
    ),
    "absent launcher": Case(
        "config.hydra_plugin",
        "needs a package that is not installed: hydra-submitit-launcher",
        "pip install",
        _line("hydra/launcher=submitit_slurm"),
    ),
    "reference in hydra": Case(
        "config.hydra_value",
        "plain number or word",
        "write the value out",
        training="hydra:\n  sweeper:\n    n_trials: ${oc.env:HOME}\n",
    ),
    "another config folder": Case(
        "config.refused_flag", "`-cd` is not allowed here", "app=, task= and stage=", _line("-cd", "/etc")
    ),
    "another config": Case(
        "config.refused_flag", "`--config-name`", "choose the config by", _line("--config-name=evil")
    ),
    "abbreviated switch": Case(
        "config.refused_flag", "`--experimental`", "choose the config by", _line("--experimental=job.pickle")
    ),
    "rerun": Case(
        "config.refused_flag",
        "`--experimental-rerun`",
        "choose the config by",
        _line("--experimental-rerun", "job.pickle"),
    ),
    "value of --cfg": Case("config.flag_value", "allowed: job, hydra, all", "--cfg job", _line("--cfg", "jobs")),
    "two modes": Case(
        "config.flags_together",
        "--cfg, --multirun cannot be used together",
        "one command for each",
        _line("-m", "--cfg", "job"),
    ),
    "environment": Case("config.resolver", "`${oc.env:HOME}`", "refer to a key", _line("seed=${oc.env:HOME}")),
    "environment in file": Case(
        "config.resolver",
        "only references to other keys",
        "write the value out",
        training=_model("hidden_size: ${oc.env:HOME}"),
    ),
    "environment with default": Case(
        "config.resolver", "only references", "write the value", training="dataset_root: ${oc.env:DATA,/tmp}\n"
    ),
    "environment in text": Case(
        "config.resolver", "only references", "write the value", _line("dataset_root=/data/${oc.env:USER}")
    ),
    "resolver in a list": Case(
        "config.resolver", "${oc.select:app}", "write the value", training="[ner/train.txt] >>> ['${oc.select:app}']"
    ),
    "clock": Case("config.resolver", "${now:%Y}", "write the value", _line("run=${now:%Y}")),
    "nested resolver": Case(
        "config.resolver", "only references", "write the value", training="dataset_root: ${${app}:HOME}\n"
    ),
    "resolver in a sweep": Case(
        "config.resolver", "only references", "write the value", _line("-m", "dataset_root=a,${oc.env:HOME}")
    ),
    "missing reference": Case(
        "config.bad_reference",
        "`${dataset_rooot}` refers to a key that does not exist; did you mean `dataset_root`?",
        "correct",
        training="log_root: ${dataset_rooot}/x\n",
    ),
}

PARTS: dict[str, Case] = {
    "model of another base task": Case(
        "config.does_not_fit",
        "model `text_cnn` is for classes, but base task sequence_labeling needs crf, softmax; ",
        "tengjia list model --base sequence_labeling",
        _line("model=text_cnn"),
        where="command line: model",
    ),
    "model of another base task, the nearest": Case(
        "config.does_not_fit", "did you mean `bert_crf`", "choose one that fits", _line("model=bert_classifier")
    ),
    "criterion of another base task": Case(
        "config.does_not_fit",
        "criterion `binary_cross_entropy` is for classes, but base task sequence_labeling needs crf, softmax; "
        "did you mean `cross_entropy`?",
        "choose one that fits",
        _line("criterion=binary_cross_entropy"),
    ),
    "evaluator of another base task": Case(
        "config.does_not_fit",
        "evaluator `roc_auc` is for classes, but base task sequence_labeling needs tags; ",
        "tengjia list evaluator --base sequence_labeling",
        _line("evaluator=roc_auc"),
    ),
    "criterion against model": Case(
        "config.decoder",
        "but model `bilstm_crf` has crf; fitting criteria: crf",
        "another criterion or another model",
        _line("criterion=cross_entropy"),
    ),
    "model against criterion": Case(
        "config.decoder", "criterion `crf` fits a decoder crf", "another criterion", _line("model=bilstm_softmax")
    ),
    "criterion in one job of a sweep": Case(
        "config.decoder", "`focal`", "another criterion", _line("-m", "criterion=crf,focal")
    ),
    "parameter of one module of a sweep": Case(
        "config.unknown_parameter",
        "optimizer `sgd` has no parameter `beta1`",
        "tengjia show",
        _line("-m", "optimizer=adamw,sgd", "optimizer.beta1=0.5"),
    ),
    "missing file": Case(
        "config.no_file",
        "no file `ner/trian.txt`",
        "relative to dataset_root",
        training="ner/train.txt >>> ner/trian.txt",
        where="training.yaml:19: dataset.train",
    ),
    "missing file, nearest": Case(
        "config.no_file", "did you mean `train.txt`?", "correct the path", _line("dataset.train=[ner/trains.txt]")
    ),
    "monitored type of no metric": Case(
        "config.monitor",
        "gives no metric `entity_ff1/ORG`; did you mean `entity_f1/ORG`? it gives: ",
        "monitor one of these",
        _line("trainer.monitor=entity_ff1/ORG"),
    ),
    "monitored without a type": Case(
        "config.monitor", "entity_recall/NAME", "monitor one of these", _line("trainer.monitor=entity_f1/")
    ),
    "monitored type without figures of types": Case(
        "config.monitor_switched_off",
        "`entity_f1/ORG` is given only with evaluator.per_type=true",
        "set evaluator.per_type=true",
        _line("trainer.monitor=entity_f1/ORG", "evaluator.per_type=false"),
    ),
    "corpus not fetched": Case(
        "config.no_corpus",
        "no resume_ner/train.char.bmes, resume_ner/dev.char.bmes, resume_ner/test.char.bmes in",
        "`tengjia data get resume_ner`",
        _line("dataset=resume_ner", "reader=null"),
        where="command line: dataset",
    ),
    "corpus not fetched, for testing": Case(
        "config.no_corpus", "`cluener2020` is not there", "dataset_root", _line("stage=test", "dataset=cluener2020")
    ),
    "no such kind of device": Case(
        "config.bad_device",
        "`gpu` is not a device; allowed: auto, cpu, cuda, cuda:N, mps",
        "trainer.device=auto takes a GPU",
        _line("trainer.device=gpu"),
        where="command line: trainer.device",
    ),
    "device to test on": Case(
        "config.bad_device",
        "`cuda:x` is not a device",
        "tester.device=auto",
        _line("stage=test", "tester.device=cuda:x"),
    ),
    "pieces below none": Case(
        "config.out_of_range",
        "-4 makes no sense here; allowed: >= 3",
        "tokenizer.size: At most so many pieces",
        _line("tokenizer=byte_pair", "tokenizer.size=-4"),
    ),
    "average beyond one": Case(
        "config.out_of_range",
        "7.0 makes no sense here; allowed: >= 0.0, <= 1.0",
        "Share of the average",
        training="callbacks:\n  ema:\n    decay: 7.0\n",
        where="training.yaml:25: callbacks.ema.decay",
    ),
    "missing in an archive that is none": Case(
        "config.no_file", "no file `ner/train.txt/a`", "correct the path", _line("dataset.train=[ner/train.txt/a]")
    ),
    "missing root": Case(
        "config.no_file", "no file `ner/train.txt` in", "set dataset_root", _line("dataset_root=nowhere")
    ),
    "vectors without a file": Case(
        "config.file_unnamed",
        "no file is named",
        "vectors.file=PATH, relative to word_vector_root",
        _line("vectors=text"),
    ),
    "wordpiece without a vocabulary": Case(
        "config.file_unnamed", "no file is named", "tokenizer.source=PATH", _line("tokenizer=wordpiece")
    ),
    "early stopping without evaluation": Case(
        "config.no_evaluation",
        "`early_stopping` acts on evaluations",
        "enable evaluation",
        _line("callbacks.early_stopping.enabled=true", "callbacks.evaluation.enabled=false"),
    ),
    "encoder unnamed": Case(
        "config.encoder_unnamed", "none is named", "write model.encoder=FOLDER", _line("model=bert_crf")
    ),
    "encoder missing": Case(
        "config.no_encoder",
        "no encoder folder `chinese-bert`",
        "set bert_model_root",
        _line("model=bert_crf", "model.encoder=chinese-bert"),
    ),
    "a missing value": Case(
        "config.missing_value",
        "no default and was not given; expected str",
        "What stands between tokens",
        _line("reader.joiner=???"),
    ),
    "missing vectors": Case(
        "config.no_file", "no file `x.txt`", "relative to word_vector_root", _line("vectors=text", "vectors.file=x.txt")
    ),
    "missing dictionary": Case(
        "config.no_file",
        "no file `甲.txt`",
        "relative to dataset_root",
        _line("tokenizer=jieba", "tokenizer.user_dictionaries=[甲.txt]"),
    ),
    "pattern without files": Case(
        "config.no_file",
        "no file `ner/dev*.txt`",
        "set dataset_root",
        _line("dataset.train=[ner/train*.txt, ner/dev*.txt]"),
    ),
    "no model": Case(
        "config.kind_required",
        "sequence_labeling needs a model",
        "`- model: NAME`",
        training="  - model: bilstm_crf\n >>> ",
    ),
    "model taken away": Case("config.kind_required", "needs a model", "model=NAME", _line("~model")),
    "model null": Case("config.kind_required", "needs a model", "model=NAME", _line("model=null")),
    "no reader": Case("config.reader_missing", "dataset `files` needs a reader", "reader=NAME", _line("reader=null")),
    "section without choice": Case(
        "config.section_without_choice",
        "this file chooses no model",
        "write `model/NAME:`",
        project="model:\n  dropout: 0.1\n",
    ),
    "parameter of nothing": Case(
        "config.no_module_chosen", "no vectors is chosen", "vectors=NAME", _line("vectors.file=x")
    ),
    "model of a test": Case(
        "config.from_run",
        "`model.dropout` comes from the run",
        "run=latest|best|ID|PATH",
        _line("stage=test", "model.dropout=0.1"),
    ),
    "tokenizer of a test": Case(
        "config.from_run", "`tokenizer` comes from the run", "stage=train", _line("stage=test", "tokenizer=whitespace")
    ),
    "encoding of a test": Case(
        "config.from_run", "`encoding", "run=latest", _line("stage=apply", "encoding.overlap=3")
    ),
    "model in the testing file": Case(
        "config.from_run",
        "`model`",
        "run=latest",
        _line("stage=test"),
        testing="- evaluator: entity_f1 >>> - model: bilstm_crf",
    ),
    "model section in the testing file": Case(
        "config.from_run", "`model`", "run=latest", _line("stage=test"), testing="model:\n  dropout: 0.1\n"
    ),
    "compare without test": Case(
        "config.compare_without_test", "compare=best", "add stage=test", _line("compare=best")
    ),
    "resume without train": Case(
        "config.resume_without_train", "resume=auto", "add stage=train", _line("stage=test", "resume=auto")
    ),
    "resume and run": Case(
        "config.run_and_resume", "run=a names a new run", "leave out one", _line("run=a", "resume=b")
    ),
    "resume a path": Case("config.resume_name", "`../x`", "never, auto", _line("resume=../x")),
    "run outside": Case("config.run_name", "`../x` cannot name", "choose another", _line("run=../x")),
    "run named best": Case("config.run_name", "latest and best are taken", "choose another", _line("run=best")),
    "run in a sweep": Case(
        "config.run_in_sweep", "would name every job", "leave it out", _line("-m", "run=a", "optimizer.lr=0.1,0.2")
    ),
    "sweep without -m": Case(
        "config.sweep_without_m",
        "`optimizer.lr=1e-3,3e-3` has several values",
        "add -m",
        _line("optimizer.lr=1e-3,3e-3"),
    ),
    "range without -m": Case("config.sweep_without_m", "several values", "add -m", _line("seed=range(3)")),
    "stages without brackets": Case(
        "config.stage_list",
        "stage=[preprocess,train]",
        "write stage=[preprocess,train]",
        _line("stage=preprocess,train"),
    ),
    "swept task": Case(
        "config.no_sweep", "`task` cannot be swept", "one command for each", _line("-m", "task=ner,ner")
    ),
    "swept stage": Case("config.no_sweep", "`stage` cannot be swept", "one command", _line("-m", "stage=train,test")),
    "wrong value in a sweep": Case(
        "config.wrong_type", "expected float, found str 'fast'", "optimizer.lr", _line("-m", "optimizer.lr=0.1,fast")
    ),
    "wrong module in a sweep": Case(
        "config.unknown_fitting_module", "no model `bilstm`", "to add one", _line("-m", "model=bilstm_crf,bilstm")
    ),
    "sweep's name without -m": Case("config.sweep_id_without_m", "sweep=x", "add -m", _line("sweep=x")),
    "a bare stage": Case("config.not_an_override", "`train` is not an override", "write stage=train", _line("train")),
    "an override with dashes": Case(
        "config.dashed_override",
        "`--stage=test`: settings are written without dashes",
        "write stage=test",
        _line("--stage=test"),
    ),
    "no value": Case("config.not_an_override", "`optimizer.lr` is not an override", "KEY=VALUE", _line("optimizer.lr")),
    "no key": Case("config.not_an_override", "`=3` is not an override", "KEY=VALUE", _line("=3")),
    "open bracket": Case("config.override_syntax", "cannot be understood", "in quotes", _line("dataset.train=[a")),
    "a plus": Case("config.plus", "this setting exists", "leave out the `+`", _line("+optimizer.lr=0.1")),
    "a new key": Case("config.unknown_key", "`mine` is not a setting", "correct the key", _line("+mine=1")),
    "deleted value": Case("config.delete", "only the choice of a module", "KEY=null", _line("~seed")),
    "key inside a number": Case("config.unknown_key", "is not a setting", "correct the key", _line("optimizer.lr.x=1")),
    "package": Case(
        "config.unknown_key", "`model@other` is not a setting", "correct the key", _line("model@other=bilstm_crf")
    ),
    "name of a module as parameter": Case(
        "config.unknown_parameter", "has no parameter `name`", "tengjia show", _line("model.name=bilstm_softmax")
    ),
}

ALL: dict[str, Case] = {
    f"{theme}: {name}": case
    for theme, cases in {
        "misspelt": MISSPELT,
        "types": TYPES,
        "yaml": YAML,
        "forbidden": FORBIDDEN,
        "parts": PARTS,
    }.items()
    for name, case in cases.items()
}
