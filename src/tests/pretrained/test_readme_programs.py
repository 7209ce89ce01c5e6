"""The programs of the pipeline seed's README, line for line, with the imports of this project.

Where one of them could not run there either, the correction is named (`docs/seeds.md`, errata).
"""

import json
from typing import Union

import pytest

from tengjia.pretrained import (
    BaseArgsFromConfig,
    ConfigMixin,
    FromConfig,
    Ignore,
    SubFolder,
    TrainerConfigMixin,
    copy_signature,
    save_config,
    set_from_config,
    wrap_config_mixin,
)


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_define_new_model(tmp_path):
    class Model(ConfigMixin):
        @save_config
        # Erratum: `Union[SubFolder: int]` has a comma instead of a colon, and the constructor a body.
        def __init__(
            self,
            a: Ignore = 1,
            b: SubFolder = 2,
            c: Union[Ignore, int] = 3,  # noqa: UP007
            d: Union[SubFolder, int] = 4,  # noqa: UP007
        ):
            self.given = (a, b, c, d)

    model = Model()
    model.save_pretrained("config_path")

    assert json.loads((tmp_path / "config_path/model/config.json").read_text()) == {
        "__format__": 1,
        "__module__": f"{__name__}.{Model.__qualname__}",
        "__version__": "0.1.0",
        "b": {"__subfolder__": "b"},
        "d": {"__subfolder__": "d"},
    }
    Model(5, 6, 7, 8).save_pretrained("other_path")
    assert Model.from_pretrained("other_path").given == (1, 6, 3, 8)


def test_wrap_config_mixin():
    class Model: ...

    Model = wrap_config_mixin(Model)
    model = Model()
    model.save_pretrained("config_path")

    assert type(Model.from_pretrained("config_path")) is Model


def test_define_a_new_trainer():
    class Trainer(TrainerConfigMixin):
        @save_config
        # Erratum: the parameter is called as it is passed below, and as `set_from_config` looks for it.
        def __init__(self, train_config=None):
            self.train_config = train_config

        @set_from_config
        def train(self, epoch: FromConfig):
            return epoch

    class TrainConfig(BaseArgsFromConfig):
        @copy_signature(Trainer.train)
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)

    train_config = TrainConfig(2)
    trainer = Trainer(train_config=train_config)

    trainer.save_pretrained("model_config")
    new_trainer = trainer.from_pretrained("model_config")

    assert new_trainer.train() == 2

    assert new_trainer.train(4) == 4


def test_the_config_shown_in_the_readme(tmp_path):
    class TrainConfig(BaseArgsFromConfig):
        pass

    class Trainer(TrainerConfigMixin):
        @save_config
        def __init__(
            self,
            loss,
            optim,
            metrics,
            train_config: SubFolder = None,
            fit_config: SubFolder = None,
            build_config: SubFolder = None,
            eval_config: SubFolder = None,
            predict_config: SubFolder = None,
        ):
            self.train_config = train_config

        @set_from_config
        def train(self, epoch: FromConfig = 1):
            return epoch

    TrainConfig.__init__ = copy_signature(Trainer.train)(
        lambda self, *a, **k: BaseArgsFromConfig.__init__(self, *a, **k)
    )
    loss = {"loss": "SoftmaxCrossEntropyWithLogits", "params": {"sparse": True}}
    optim = {"optimizer": "Momentum", "params": {"learning_rate": 0.1, "momentum": 0.9}}
    Trainer(loss, optim, ["accuracy"], TrainConfig(epoch=3)).save_pretrained("demo_model")

    files = sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file())
    assert files == [
        "demo_model/filelist.txt",
        "demo_model/trainer/config.json",
        "demo_model/trainer/filelist.txt",
        "demo_model/trainer/train_config/config.json",
    ]
    name = f"{__name__}.{TrainConfig.__qualname__}"
    assert json.loads((tmp_path / "demo_model/trainer/config.json").read_text()) == {
        "__format__": 1,
        "__module__": f"{__name__}.{Trainer.__qualname__}",
        "__version__": "0.1.0",
        "build_config": None,
        "eval_config": None,
        "fit_config": None,
        "loss": loss,
        "metrics": ["accuracy"],
        "optim": optim,
        "predict_config": None,
        "train_config": {"__module__": name, "__subfolder__": "train_config"},
    }
    assert Trainer.from_pretrained("demo_model").train() == 3
