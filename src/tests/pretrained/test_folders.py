"""What is saved is loaded, whole and verified; and what the pipeline seed got wrong cannot happen here.

Each class `TestNN` of the second half is one row of the inventory of its defects.
"""

from __future__ import annotations

import json
import logging
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

import numpy
import pytest
import torch

import tengjia
from tengjia.bundle.filelist import verify_filelist
from tengjia.errors import CheckpointError, ConfigurationError
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
from tengjia.pretrained.sources import located

from .classes import Layer, Tagger, Words
from .support import contents, serving


def config_of(folder: Path, name: str = "model/config.json") -> dict:
    return json.loads((folder / name).read_text("utf-8"))


def rewrite(folder: Path, name: str = "model/config.json", **values: object) -> None:
    """Change a config by hand, as somebody who knows of the lists."""
    content = {**config_of(folder, name), **values}
    (folder / name).write_text(json.dumps({key: value for key, value in content.items() if value is not ...}))
    make_filelist(folder)


class TestSubFolders:
    def test_nested_ones_stand_in_one_another(self, tmp_path):
        Tagger(3, Words(True, Words(False, [Words(), Words(True)]))).save_pretrained(tmp_path)
        assert sorted(name for name in contents(tmp_path / "model") if name.endswith(".json")) == [
            "config.json",
            "words/config.json",
            "words/known/config.json",
            "words/known/known/0/config.json",
            "words/known/known/1/config.json",
            "words/known/known/config.json",
        ]
        words = Tagger.from_pretrained(tmp_path).words
        assert [words.lower, words.known.lower, *(each.lower for each in words.known.known)] == [
            True,
            False,
            False,
            True,
        ]

    def test_none_has_no_folder(self, tmp_path):
        Tagger(3).save_pretrained(tmp_path)
        assert config_of(tmp_path)["words"] is None and not (tmp_path / "model/words").exists()

    def test_names_that_no_folder_can_bear_get_others(self, tmp_path):
        class Odd(ConfigMixin):
            @save_config
            def __init__(self, 词表: SubFolder, 表: SubFolder, A: SubFolder, a: SubFolder, config: SubFolder):
                self.given = (词表, 表, A, a, config)

        values = (Words(), 1, "x", [2], {"config.json": 3})
        Odd(*values).save_pretrained(tmp_path)
        verify_filelist(tmp_path / "model")
        found = Odd.from_pretrained(tmp_path).given
        assert found[1:] == values[1:] and isinstance(found[0], Words)
        names = [path.name.lower() for path in (tmp_path / "model").iterdir()]
        assert len(names) == len(set(names))

    def test_very_deep_ones_stand_in_their_parent(self, tmp_path):
        made = None
        for _ in range(12):
            made = Words(True, made)
        made.save_pretrained(tmp_path)
        loaded, depth = Words.from_pretrained(tmp_path), 0
        while loaded is not None:
            loaded, depth = loaded.known, depth + 1
        assert depth == 12

    @pytest.mark.parametrize(
        "name", ["..", "../..", "/etc", "words/../..", ".", "", 3, None, ["words"], "C:x", "absent"]
    )
    def test_a_stub_that_leads_away(self, tmp_path, name):
        Tagger(3, Words()).save_pretrained(tmp_path)
        rewrite(tmp_path, words={"__subfolder__": name})
        with pytest.raises(CheckpointError, match=r"pretrained\.(bad_config|no_config)"):
            Tagger.from_pretrained(tmp_path)


class TestWeights:
    def test_of_modules_and_of_those_inside(self, tmp_path):
        made = Layer(2, 3, Layer(4, 5))
        made.save_pretrained(tmp_path)
        loaded = Layer.from_pretrained(tmp_path)
        assert list(loaded.state_dict()) == list(made.state_dict())
        assert all(torch.equal(made.state_dict()[name], value) for name, value in loaded.state_dict().items())
        assert [path.name for path in tmp_path.rglob("*.safetensors")] == ["weights.safetensors"]

    def test_of_modules_in_an_object_that_has_none(self, tmp_path):
        class Pair(ConfigMixin):
            @save_config
            def __init__(self, left, right: SubFolder):
                self.left, self.right = left, right

        made = Pair([Layer(2, 2)], Layer(3, 3))
        made.save_pretrained(tmp_path)
        loaded = Pair.from_pretrained(tmp_path)
        assert torch.equal(loaded.left[0].linear.weight, made.left[0].linear.weight)
        assert torch.equal(loaded.right.linear.weight, made.right.linear.weight)
        assert (tmp_path / "model/right/weights.safetensors").is_file()

    def test_shared_tensors(self, tmp_path):
        class Tied(ConfigMixin, torch.nn.Module):
            @save_config
            def __init__(self):
                super().__init__()
                self.first = torch.nn.Linear(3, 3)
                self.second = torch.nn.Linear(3, 3)
                self.second.weight = self.first.weight

        made = Tied()
        made.save_pretrained(tmp_path)
        assert torch.equal(Tied.from_pretrained(tmp_path).second.weight, made.first.weight)

    def test_of_anything_with_a_state(self, tmp_path):
        class Counter(ConfigMixin):
            @save_config
            def __init__(self, size=3):
                self.counts = numpy.arange(size, dtype=numpy.int64)

            def state_dict(self):
                return {"counts": self.counts}

            def load_state_dict(self, state):
                self.counts = state["counts"]

        made = Counter()
        made.counts += 5
        made.save_pretrained(tmp_path)
        assert Counter.from_pretrained(tmp_path).counts.tolist() == [5, 6, 7]

    def test_a_state_that_is_no_tensors(self, tmp_path):
        class Strange(ConfigMixin):
            @save_config
            def __init__(self): ...

            def state_dict(self):
                return {"step": 3}

            def load_state_dict(self, state): ...

        with pytest.raises(ConfigurationError, match=r"step: weights are tensors .* found builtins.int"):
            Strange().save_pretrained(tmp_path)
        assert not (tmp_path / "model").exists()

    def test_weights_of_another_size(self, tmp_path):
        Layer(2, 3).save_pretrained(tmp_path)
        rewrite(tmp_path, outputs=4)
        with pytest.raises(CheckpointError, match="bundle.unfit"):
            Layer.from_pretrained(tmp_path)

    def test_a_file_that_holds_no_tensors(self, tmp_path):
        Layer(2, 3).save_pretrained(tmp_path)
        (tmp_path / "model/weights.safetensors").write_bytes(b"\x80\x04pickle")
        make_filelist(tmp_path)
        with pytest.raises(CheckpointError, match="bundle.unfit"):
            Layer.from_pretrained(tmp_path)

    @pytest.mark.parametrize("name", ["../x", "/etc/passwd", 3, "absent.safetensors"])
    def test_a_name_that_leads_away(self, tmp_path, name):
        Layer(2, 3).save_pretrained(tmp_path)
        rewrite(tmp_path, __weight__=name)
        with pytest.raises(CheckpointError, match="pretrained.bad_config"):
            Layer.from_pretrained(tmp_path)

    def test_names_of_the_class(self, tmp_path):
        class Named(Layer):
            __prefix__ = "tagger"
            __weight__ = "best.safetensors"
            __save_name__ = "settings.json"

        Named(2, 3).save_pretrained(tmp_path)
        assert sorted(contents(tmp_path / "tagger")) == ["best.safetensors", "filelist.txt", "settings.json"]
        assert type(Named.from_pretrained(tmp_path)) is Named
        assert type(AutoModelPipeline.from_pretrained(tmp_path)) is Named, "found by its only config"


class TestSaving:
    def test_what_stands_there_is_kept_unless_it_is_said(self, tmp_path):
        Tagger(3).save_pretrained(tmp_path)
        with pytest.raises(CheckpointError, match=r"overwrite=True") as caught:
            Tagger(4).save_pretrained(tmp_path)
        assert caught.value.code == "pretrained.exists" and Tagger.from_pretrained(tmp_path).size == 3
        Tagger(4).save_pretrained(tmp_path, overwrite=True)
        assert Tagger.from_pretrained(tmp_path).size == 4

    def test_a_failed_save_leaves_the_old_one(self, tmp_path, monkeypatch):
        Layer(2, 3).save_pretrained(tmp_path)
        before = contents(tmp_path)

        def full(*args, **kwargs):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("tengjia.pretrained.weights.save", full)
        with pytest.raises(OSError, match="No space"):
            Layer(4, 4).save_pretrained(tmp_path, overwrite=True)
        assert contents(tmp_path) == before

    def test_model_and_trainer_in_one_place(self, tmp_path):
        class Trainer(TrainerConfigMixin):
            @save_config
            def __init__(self, rate=0.1):
                self.rate = rate

        Tagger(3).save_pretrained(tmp_path)
        Trainer(0.2).save_pretrained(tmp_path)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["filelist.txt", "model", "trainer"]
        assert len(verify_filelist(tmp_path)) == 4, "the list of the whole covers both"
        assert AutoModelPipeline.from_pretrained(tmp_path).size == 3
        assert AutoTrainerPipeline.from_pretrained(tmp_path.parent, tmp_path.name).rate == 0.2

    def test_settings_alone(self, tmp_path):
        file = Tagger(3).save_config(tmp_path)
        assert file == tmp_path / "model/config.json"
        with pytest.raises(CheckpointError, match="pretrained.exists"):
            Tagger(4).save_config(tmp_path)
        values = Tagger.load_config(tmp_path)
        assert values == Tagger(3).config and Tagger.from_config(values).size == 3

    def test_a_dictionary_that_names_no_class(self):
        assert ConfigMixin.from_config({"a": 1}) == {"a": 1}
        assert Tagger.from_config({"size": 7}).size == 7

    def test_a_hub_like_server_holds_them_too(self, tmp_path):
        Tagger(3, Words(True)).save_pretrained(tmp_path / "origin")
        with serving(tmp_path / "origin") as server:
            loaded = Tagger.from_pretrained(tmp_path / "cache", "hf://acme/ner@v1", endpoint=server.url)
        assert loaded.words.lower

    def test_a_list_of_a_folder_that_is_none(self, tmp_path):
        with pytest.raises(CheckpointError, match="pretrained.no_folder"):
            make_filelist(tmp_path / "nowhere")


class TestArguments:
    def test_missing_and_unknown_ones(self, tmp_path, caplog):
        Tagger(3).save_pretrained(tmp_path)
        rewrite(tmp_path, words=..., colour="blue")
        with caplog.at_level(logging.WARNING, "tengjia"):
            assert Tagger.from_pretrained(tmp_path).words is None
        assert "`words` was not saved" in caplog.text and "`colour` was saved, but" in caplog.text
        rewrite(tmp_path, size=...)
        with pytest.raises(CheckpointError) as caught:
            Tagger.from_pretrained(tmp_path)
        assert caught.value.code == "pretrained.missing_argument"
        assert "arguments={'size': ...}" in caught.value.hint
        assert Tagger.from_pretrained(tmp_path, arguments={"size": 9}).size == 9

    def test_a_required_argument_that_is_never_saved(self, tmp_path):
        class Needy(ConfigMixin):
            @save_config
            def __init__(self, tool: Ignore, size=3):
                self.tool = tool

        Needy(print).save_pretrained(tmp_path)
        with pytest.raises(CheckpointError, match="pretrained.ignored_argument"):
            Needy.from_pretrained(tmp_path)
        assert Needy.from_pretrained(tmp_path, arguments={"tool": len}).tool is len
        with pytest.raises(CheckpointError, match="pretrained.unknown_argument"):
            Needy.from_pretrained(tmp_path, arguments={"tool": len, "toll": 1})

    def test_a_class_that_refuses_what_was_saved(self, tmp_path):
        class Strict(ConfigMixin):
            @save_config
            def __init__(self, size):
                if size < 0:
                    raise ValueError("negative")

        Strict(1).save_pretrained(tmp_path)
        rewrite(tmp_path, size=-1)
        with pytest.raises(CheckpointError, match=r"cannot be built .* ValueError: negative"):
            Strict.from_pretrained(tmp_path)


class TestVersions:
    def test_they_are_recorded(self, tmp_path):
        Tagger(3).save_pretrained(tmp_path)
        found = config_of(tmp_path)
        assert (found["__version__"], found["__format__"]) == (tengjia.__version__, 1)

    def test_a_newer_program_is_told(self, tmp_path, caplog):
        Tagger(3).save_pretrained(tmp_path)
        rewrite(tmp_path, __version__="99.1")
        with caplog.at_level(logging.WARNING, "tengjia"):
            assert Tagger.from_pretrained(tmp_path).size == 3
        assert "was written by Tengjia 99.1, which is newer" in caplog.text

    @pytest.mark.parametrize("form", [2, -1, "1", True, None, 1.5])
    def test_a_form_that_is_not_known(self, tmp_path, form):
        Tagger(3).save_pretrained(tmp_path)
        rewrite(tmp_path, __format__=form)
        with pytest.raises(CheckpointError, match="pretrained.other_format"):
            Tagger.from_pretrained(tmp_path)

    def test_the_form_of_the_seed_is_migrated(self, tmp_path):
        (tmp_path / "trainer/train_config").mkdir(parents=True)
        name = f"{Tagger.__module__}.Tagger"
        stub = {"__module__": f"{Words.__module__}.Words", "__subfolder__": None}
        old = {"__module__": name, "__version__": "0.3.2", "size": 3, "words": stub, "kind": None}
        (tmp_path / "trainer/config.json").write_text(json.dumps({**old, "words": None, "kind": [{"words": stub}]}))
        (tmp_path / "model/words").mkdir(parents=True)
        (tmp_path / "model/config.json").write_text(json.dumps(old))
        (tmp_path / "model/words/config.json").write_text(json.dumps({"__module__": stub["__module__"], "lower": True}))
        assert Tagger.from_config(Tagger.load_config(tmp_path)).words.lower

    def test_a_class_migrates_its_own_arguments(self, tmp_path):
        class Old(ConfigMixin):
            __config_name__ = "acme.Tagger"

            @save_config
            def __init__(self, hidden):
                self.hidden = hidden

        Old(8).save_pretrained(tmp_path)

        class New(ConfigMixin):
            __config_name__ = "acme.Tagger"
            __config_version__ = 2

            @save_config
            def __init__(self, size):
                self.size = size

            @classmethod
            def migrate_config(cls, arguments, version):
                return {"size": arguments["hidden"]} if version == 1 else super().migrate_config(arguments, version)

        assert New.from_pretrained(tmp_path).size == 8
        New(9).save_pretrained(tmp_path / "new")
        with pytest.raises(CheckpointError, match="saved by version 2 of `.*Old`; the class here is version 1"):
            Old.from_pretrained(tmp_path / "new")

    def test_a_class_that_cannot(self, tmp_path):
        class Changed(ConfigMixin):
            @save_config
            def __init__(self, size=1): ...

        Changed().save_pretrained(tmp_path)
        Changed.__config_version__ = 2
        with pytest.raises(CheckpointError, match="write `migrate_config` in the class"):
            Changed.from_pretrained(tmp_path)


CODE = """
from tengjia.pretrained import ConfigMixin, save_config
with open({mark!r}, "a") as mark:
    mark.write("ran ")

class Foreign(ConfigMixin):
    @save_config
    def __init__(self, size):
        self.size = size

    def twice(self):
        return self.size * 2
"""


class TestTrust:
    @pytest.fixture
    def repository(self, tmp_path):
        """What another program saved, with its code."""
        module = tmp_path / "program/foreign_models.py"
        module.parent.mkdir()
        module.write_text(CODE.format(mark=str(tmp_path / "mark")))
        program = "import foreign_models\nforeign_models.Foreign(21).save_pretrained('../repository', code=True)\n"
        subprocess.run([sys.executable, "-c", program], cwd=module.parent, check=True)
        (tmp_path / "mark").unlink()
        return tmp_path / "repository"

    def test_code_is_not_run_unasked(self, repository, tmp_path):
        with pytest.raises(CheckpointError) as caught:
            AutoModelPipeline.from_pretrained(repository)
        assert caught.value.code == "pretrained.untrusted_class"
        assert "model_code/foreign_models.py" in caught.value.message and "trust_code=True" in caught.value.hint
        assert not (tmp_path / "mark").exists()

    def test_with_trust_it_is_a_private_package(self, repository, tmp_path):
        with pytest.raises(CheckpointError, match="pretrained.untrusted_class"):  # imports what the library needs
            AutoModelPipeline.from_pretrained(repository)
        path, modules = list(sys.path), set(sys.modules)
        loaded = AutoModelPipeline.from_pretrained(repository, trust_code=True)
        assert loaded.twice() == 42 and (tmp_path / "mark").read_text() == "ran "
        assert sys.path == path and "foreign_models" not in sys.modules
        assert {name.split(".")[0][:16] for name in set(sys.modules) - modules} <= {"_tengjia_bundle_"}
        with pytest.raises(CheckpointError, match="pretrained.untrusted_class"):
            AutoModelPipeline.from_pretrained(repository)

    def test_it_is_saved_again_with_its_code(self, repository, tmp_path):
        AutoModelPipeline.from_pretrained(repository, trust_code=True).save_pretrained(tmp_path / "copy")
        assert contents(tmp_path / "copy") == contents(repository)
        assert AutoModelPipeline.from_pretrained(tmp_path / "copy", trust_code=True).size == 21

    def test_changed_code_is_not_run(self, repository, tmp_path):
        with open(repository / "model_code/foreign_models.py", "a") as file:
            file.write("\n# changed\n")
        with pytest.raises(CheckpointError, match="bundle.changed"):
            AutoModelPipeline.from_pretrained(repository, trust_code=True)
        assert not (tmp_path / "mark").exists()

    @pytest.mark.parametrize("name", ["foreign_models.open", "foreign_models.Absent", "foreign_models.ConfigMixin.x"])
    def test_other_names_in_trusted_code(self, repository, name):
        rewrite(repository, __module__=name)
        with pytest.raises(CheckpointError, match="pretrained.no_class_in_code"):
            AutoModelPipeline.from_pretrained(repository, trust_code=True)

    def test_code_that_fails(self, repository):
        (repository / "model_code/foreign_models.py").write_text("1 / 0")
        make_filelist(repository)
        with pytest.raises(CheckpointError, match=r"ZeroDivisionError.*bundle.code_fails"):
            AutoModelPipeline.from_pretrained(repository, trust_code=True)

    def test_a_class_of_the_main_program_cannot_be_carried(self, tmp_path, monkeypatch):
        class Main(Words):
            __module__ = "__main__"

        with pytest.raises(ConfigurationError, match="pretrained.no_source"):
            Main().save_pretrained(tmp_path, code=True)


NAMES = [
    "subprocess.Popen",
    "os.system",
    "builtins.eval",
    "builtins.open",
    "torch.load",
    "pickle.loads",
    "importlib.import_module",
    "tengjia.pretrained.mixins.ConfigMixin.from_pretrained",
    "tengjia.bundle.code.import_code",
    "sys",
    "",
    ".",
    "..x",
    "a" * 5000,
    "x\x00y",
    "../../evil",
    "src.tests.pretrained.classes.torch.nn.Linear",
]


class TestDefects:
    """One test for each defect of the pipeline seed (`docs/seeds.md`, errata)."""

    def test_01_a_class_loads_itself(self, tmp_path):
        Tagger(3).save_pretrained(tmp_path)
        assert type(Tagger.from_pretrained(tmp_path)) is Tagger
        with pytest.raises(CheckpointError, match=r"holds a `.*Tagger`, not a `.*Words`"):
            Words.from_pretrained(tmp_path)

    @pytest.mark.parametrize("name", [*NAMES, None, 3, ["os.system"]], ids=lambda name: str(name)[:30])
    def test_02_a_config_runs_nothing(self, tmp_path, name):
        Tagger(3).save_pretrained(tmp_path)
        for said in ("no.such.Class", name):  # what the library itself imports when first used is there after the first
            before = set(sys.modules)
            rewrite(tmp_path, __module__=said, args=["touch", str(tmp_path / "evil")], words={"__module__": said})
            for kind in (Tagger, ConfigMixin, AutoModelPipeline):
                with pytest.raises(CheckpointError, match=r"pretrained\.(unknown_class|bad_config)"):
                    kind.from_pretrained(tmp_path)
            rewrite(tmp_path, __module__=f"{Tagger.__module__}.Tagger", args=...)
            with pytest.raises(CheckpointError, match=r"pretrained\.(unknown_class|bad_config)"):
                Tagger.from_pretrained(tmp_path)
        assert not (tmp_path / "evil").exists() and set(sys.modules) == before

    def test_03_checking_deletes_nothing(self, tmp_path):
        Layer(2, 3).save_pretrained(tmp_path)
        (tmp_path / "model/notes.md").write_text("mine")
        (tmp_path / "model/config.json").write_text("{}")
        before = contents(tmp_path)
        with pytest.raises(CheckpointError, match=r"bundle\.(unlisted|changed)"):
            Layer.from_pretrained(tmp_path)
        assert contents(tmp_path) == before

    def test_04_checking_cannot_be_left_out(self, tmp_path):
        Layer(2, 3).save_pretrained(tmp_path)
        for option in ("checkfiles", "download", "force_download"):
            with pytest.raises(TypeError, match=option):
                Layer.from_pretrained(tmp_path, **{option: False})

    def test_05_a_new_list_is_seen(self, tmp_path):
        Tagger(3).save_pretrained(tmp_path / "origin")
        with serving(tmp_path / "origin") as server:
            assert Tagger.from_pretrained(tmp_path / "cache", server.url).size == 3
            Tagger(4).save_pretrained(tmp_path / "origin", overwrite=True)
            assert Tagger.from_pretrained(tmp_path / "cache", server.url).size == 4

    def test_06_lists_stay_in_their_folder(self, tmp_path):
        Tagger(3).save_pretrained(tmp_path / "repository")
        (tmp_path / "repository/model/filelist.txt").write_text(f"../../../x.txt 0 {'0' * 64}\n")
        with pytest.raises(CheckpointError, match="bundle.bad_list"):
            Tagger.from_pretrained(tmp_path / "repository")

    def test_07_verification_of_certificates_is_left_on(self):
        program = (
            "import ssl, tengjia.pretrained as p\n"
            "[getattr(p, name) for name in p.__all__]\n"
            "assert ssl._create_default_https_context is ssl.create_default_context\n"
        )
        subprocess.run([sys.executable, "-c", program], check=True)

    def test_07_a_server_with_an_own_authority(self, tmp_path):
        Tagger(3).save_pretrained(tmp_path / "origin")
        key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
        make_certificate(key, certificate)
        with serving(tmp_path / "origin") as server:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            address = f"https://localhost:{server.server_port}"
            with pytest.raises(tengjia.errors.DataError, match=r"CERTIFICATE_VERIFY_FAILED.*pretrained.unreachable"):
                Tagger.from_pretrained(tmp_path / "cache", address, attempts=1)
            assert Tagger.from_pretrained(tmp_path / "cache", address, certificates=certificate).size == 3

    def test_08_trainers_are_saved_and_loaded(self, tmp_path):
        class Trainer(TrainerConfigMixin):
            @save_config
            def __init__(self, rate=0.1):
                self.rate = rate

        Trainer(0.5).save_pretrained(tmp_path)
        loaded = AutoTrainerPipeline.from_pretrained(tmp_path)
        assert type(loaded) is Trainer and loaded.rate == 0.5
        loaded.init_model("model")
        assert loaded.model == "model"

    def test_09_a_loaded_object_is_saved_again(self, tmp_path):
        Tagger(3, Words()).save_pretrained(tmp_path / "a")
        Tagger.from_pretrained(tmp_path / "a").save_pretrained(tmp_path / "b")
        assert contents(tmp_path / "a") == contents(tmp_path / "b")

    def test_10_an_object_inside_is_whole_when_saved_alone(self, tmp_path):
        words = Words(True)
        Tagger(3, words).save_pretrained(tmp_path / "outer")
        words.save_pretrained(tmp_path / "inner")
        assert config_of(tmp_path / "inner")["lower"] is True and Words.from_pretrained(tmp_path / "inner").lower

    def test_11_a_parent_does_not_overwrite_the_record(self, tmp_path):
        class Wide(Tagger):
            @save_config
            def __init__(self, factor):
                super().__init__(factor * 10)

        Wide(2).save_pretrained(tmp_path)
        assert config_of(tmp_path)["factor"] == 2 and "size" not in config_of(tmp_path)
        assert Wide.from_pretrained(tmp_path).size == 20

    def test_12_loading_makes_no_new_class(self, tmp_path):
        @wrap_config_mixin
        class Model:
            def __init__(self, size=1): ...

        Model(2).save_pretrained(tmp_path)
        assert {type(Model.from_pretrained(tmp_path)) for _ in range(3)} == {Model}

    def test_13_a_dictionary_of_the_user_is_no_object(self, tmp_path):
        given = {"__module__": "os.system", "__subfolder__": "..", "__weight__": "x", 1: (2,), None: {"__tuple__": []}}
        Words(given, given).save_pretrained(tmp_path)
        loaded = Words.from_pretrained(tmp_path)
        assert loaded.lower == given and loaded.known == given

    def test_14_the_version_needs_no_installation(self, tmp_path):
        shutil.copytree(
            Path(tengjia.__file__).parent, tmp_path / "tengjia", ignore=shutil.ignore_patterns("__pycache__")
        )
        program = (
            "import sys; sys.path.insert(0, sys.argv[1])\n"
            "from tengjia.pretrained import ConfigMixin\n"
            "class Model(ConfigMixin): ...\n"
            "Model().save_pretrained(sys.argv[1] + '/saved')\n"
        )
        subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, cwd=tmp_path)
        assert config_of(tmp_path / "saved")["__version__"] == tengjia.__version__

    def test_15_a_forgotten_argument_is_told_in_pythons_words(self):
        with pytest.raises(TypeError, match="missing 1 required positional argument: 'size'"):
            Tagger()

    def test_16_arguments_of_a_config_are_kept_where_the_readme_says(self):
        class Trainer(TrainerConfigMixin):
            @save_config
            def __init__(self, train_config=None):
                self.train_config = train_config

            @set_from_config
            def train(self, epoch: FromConfig = 1):
                return epoch

        class TrainConfig(BaseArgsFromConfig):
            @copy_signature(Trainer.train)
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)

        assert Trainer().train() == 1, "without a config the defaults hold"
        assert Trainer(TrainConfig()).train() == 1
        assert Trainer(TrainConfig(5)).train() == 5


def make_certificate(key: Path, certificate: Path) -> None:
    """A certificate of `localhost` that is its own authority."""
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    words = [*command.split(), "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(words, check=True, capture_output=True)


def test_importing_the_room_imports_nothing_heavy():
    program = (
        "import sys, tengjia.pretrained as p\n"
        "p.ConfigMixin, p.save_config, p.wrap_config_mixin, p.AutoModelPipeline, p.set_from_config\n"
        "heavy = {'torch', 'numpy', 'pyarrow', 'transformers', 'hydra', 'pandas', 'fsspec', 'huggingface_hub'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_every_export_is_there():
    import tengjia.pretrained as package

    assert sorted(package.__all__) == package.__all__ and set(dir(package)) == set(package.__all__)
    for name in package.__all__:
        assert getattr(package, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'AutoModelPileline'"):
        package.AutoModelPileline  # noqa: B018


def test_a_repository_is_found_in_the_cache_by_its_name(tmp_path):
    Tagger(3).save_pretrained(tmp_path / "demo_app/tagger")
    assert located(tmp_path, "demo_app/tagger") == tmp_path / "demo_app/tagger"
    assert AutoModelPipeline.from_pretrained(tmp_path, "demo_app/tagger").size == 3
