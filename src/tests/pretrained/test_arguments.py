"""Arguments from a config: what is passed wins, then the config, then the default."""

from __future__ import annotations

import copy
import json
import logging
import pickle  # noqa: TID251 - that objects can be pickled is what is tested

import pytest

from tengjia.errors import ConfigurationError
from tengjia.pretrained import (
    BaseArgsFromConfig,
    FromConfig,
    SubFolder,
    TrainerConfigMixin,
    copy_signature,
    save_config,
    set_from_config,
)


class Trainer(TrainerConfigMixin):
    @save_config
    def __init__(self, train_config: SubFolder = None, other: SubFolder = None):
        self.train_config, self.other = train_config, other

    @set_from_config
    def train(self, data=None, epoch: FromConfig = 1, rate: FromConfig = 0.1, *, seed=0):
        return data, epoch, rate, seed

    @set_from_config("other")
    def evaluate(self, *texts, batch_size: FromConfig = 8, **more: FromConfig):
        return texts, batch_size, more

    @set_from_config("absent_config")
    def predict(self, limit: FromConfig = 1):
        raise AssertionError("must not be run")

    @set_from_config("other")
    def closed(self, epoch: FromConfig, **more):
        return epoch, more


class TrainConfig(BaseArgsFromConfig):
    @copy_signature(Trainer.train)
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)


class EvaluateConfig(BaseArgsFromConfig):
    @copy_signature(Trainer.evaluate)
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)


class ClosedConfig(BaseArgsFromConfig):
    @copy_signature(Trainer.closed)
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)


@pytest.mark.parametrize("config", [TrainConfig(epoch=5), {"epoch": 5}], ids=["object", "mapping"])
@pytest.mark.parametrize(
    ("args", "kwargs", "expected"),
    [
        ((), {}, (None, 5, 0.1, 0)),
        (("data",), {}, ("data", 5, 0.1, 0)),
        (("data", 7), {}, ("data", 7, 0.1, 0)),
        ((), {"epoch": 7, "rate": 0.2}, (None, 7, 0.2, 0)),
        (("data",), {"rate": 0.3, "seed": 4}, ("data", 5, 0.3, 4)),
        ((), {"epoch": None}, (None, None, 0.1, 0)),
    ],
)
def test_what_is_passed_wins(config, args, kwargs, expected):
    assert Trainer(config).train(*args, **kwargs) == expected


def test_without_a_config_the_defaults_hold():
    assert Trainer().train("data") == ("data", 1, 0.1, 0)


def test_an_attribute_that_is_not_there_is_told_before_anything_runs():
    with pytest.raises(ConfigurationError) as caught:
        Trainer().predict()
    assert caught.value.code == "pretrained.no_config_attribute"
    assert "`absent_config`" in caught.value.message and "@set_from_config('name')" in caught.value.hint


def test_the_nearest_attribute_is_named():
    class Misnamed(TrainerConfigMixin):
        def __init__(self, train_args=None):
            self.train_configs = train_args

        @set_from_config
        def train(self, epoch: FromConfig = 1): ...

    with pytest.raises(ConfigurationError, match="nearest: train_configs"):
        Misnamed().train()


def test_a_config_that_is_no_mapping():
    with pytest.raises(ConfigurationError, match=r"not a int \[pretrained.no_mapping\]"):
        Trainer(3).train()


def test_star_arguments_and_further_keywords():
    trainer = Trainer(other={"batch_size": 2, "beam": 4})
    assert trainer.evaluate("a", "b") == (("a", "b"), 2, {"beam": 4})
    assert trainer.evaluate("a", beam=5, batch_size=3) == (("a",), 3, {"beam": 5})


def test_what_is_not_from_the_config_is_told_and_left_out(caplog):
    with caplog.at_level(logging.WARNING, "tengjia"):
        assert Trainer({"seed": 9, "colour": "blue", "epoch": 2}).train() == (None, 2, 0.1, 0)
        assert Trainer(other={"epoch": 3, "x": 1}).closed() == (3, {})
    assert (
        "`seed` is not marked `FromConfig`" in caplog.text and "`colour` is not" in caplog.text and "`x`" in caplog.text
    )


def test_mistakes_in_a_call_are_told_by_python():
    with pytest.raises(TypeError, match="unexpected keyword argument 'epochs'"):
        Trainer({"epoch": 2}).train(epochs=3)


class TestArgumentObjects:
    def test_they_read_like_a_mapping_and_by_attribute(self):
        made = TrainConfig("ignored", epoch=3)
        assert (made.epoch, made["epoch"], made.get("rate", 1), dict(made.items())) == (3, 3, 1, {"epoch": 3})
        assert list(made) == ["epoch"] and len(made) == 1 and "rate" not in made
        assert not hasattr(made, "rate") and repr(made) == "TrainConfig(epoch=3)"
        with pytest.raises(AttributeError, match="TrainConfig has no argument 'rate'; it has: epoch"):
            made.rate  # noqa: B018

    def test_other_arguments_are_told_and_left_out(self, caplog):
        with caplog.at_level(logging.WARNING, "tengjia"):
            assert dict(TrainConfig("data", 4, seed=3).items()) == {"epoch": 4}
        assert "`data` is not marked" in caplog.text and "`seed` is not marked" in caplog.text

    def test_further_keywords_where_the_method_takes_them(self):
        assert dict(EvaluateConfig(batch_size=2, beam=4).items()) == {"batch_size": 2, "beam": 4}

    def test_what_only_a_config_could_give_is_needed(self):
        with pytest.raises(ConfigurationError, match=r"epoch: .*closed needs this argument"):
            ClosedConfig()

    def test_copies_and_pickles(self):
        made = TrainConfig(epoch=3)
        for other in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))):  # noqa: S301
            assert other == made and other.epoch == 3 and type(other) is TrainConfig

    def test_they_are_saved_in_a_folder_of_their_own(self, tmp_path):
        Trainer(TrainConfig(epoch=3), EvaluateConfig(beam=4)).save_pretrained(tmp_path)
        content = json.loads((tmp_path / "trainer/train_config/config.json").read_text())
        assert content == {"__module__": f"{__name__}.TrainConfig", "epoch": 3}
        loaded = Trainer.from_pretrained(tmp_path)
        assert loaded.train_config == TrainConfig(epoch=3) and loaded.evaluate() == ((), 8, {"beam": 4})

    def test_values_that_no_config_can_hold(self):
        with pytest.raises(ConfigurationError, match="pretrained.bad_value"):
            TrainConfig(epoch=object())

    def test_without_a_signature(self):
        class Bare(BaseArgsFromConfig): ...

        with pytest.raises(ConfigurationError, match="copy_signature"):
            Bare(epoch=3)

    def test_the_signature_is_that_of_the_method(self):
        import inspect

        assert list(inspect.signature(TrainConfig).parameters) == ["data", "epoch", "rate", "seed"]
