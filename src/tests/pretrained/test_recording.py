"""What a constructor was given is remembered: of the object's own class, whole, and only where it was asked for."""

import copy
import pickle  # noqa: TID251 - that objects can be pickled is what is tested

import pytest
import torch

from tengjia.errors import ConfigurationError
from tengjia.pretrained import ConfigMixin, Ignore, save_config, wrap_config_mixin

from . import classes


def arguments(instance: ConfigMixin) -> dict:
    return {name: value for name, value in instance.config.items() if name != "__module__"}


class Parent(ConfigMixin):
    @save_config
    def __init__(self, width, depth=2):
        self.width, self.depth = width, depth


class Inheriting(Parent):
    pass


class Narrow(Parent):
    @save_config
    def __init__(self, factor):
        super().__init__(width=factor * 10, depth=1)
        self.factor = factor


class Narrower(Narrow):
    @save_config
    def __init__(self):
        super().__init__(7)


class Unrecorded(Parent):
    def __init__(self, other):
        super().__init__(other)


class Twofold(ConfigMixin):
    @save_config
    def __init__(self, first, second):
        self.inner = [Parent(first), Narrow(second)]


class TestOwnArguments:
    @pytest.mark.parametrize(
        ("made", "expected"),
        [
            (lambda: Parent(3), {"width": 3, "depth": 2}),
            (lambda: Inheriting(depth=4, width=3), {"width": 3, "depth": 4}),
            (lambda: Narrow(2), {"factor": 2}),
            (lambda: Narrower(), {}),
            (lambda: Twofold(1, 2), {"first": 1, "second": 2}),
        ],
    )
    def test_the_outermost_constructor_counts(self, made, expected):
        assert arguments(made()) == expected

    def test_each_loads_as_its_own_class(self, tmp_path):
        for number, made in enumerate([Parent(3), Inheriting(3), Narrow(2), Narrower(), Twofold(1, 2)]):
            made.save_pretrained(tmp_path / str(number))
            loaded = type(made).from_pretrained(tmp_path / str(number))
            assert type(loaded) is type(made) and loaded.config == made.config
        assert Narrow.from_pretrained(tmp_path / "3").width == 70, "a subclass is one of its base"

    def test_objects_made_inside_a_constructor_have_records_of_their_own(self):
        parent, narrow = Twofold(1, 2).inner
        assert arguments(parent) == {"width": 1, "depth": 2} and arguments(narrow) == {"factor": 2}

    def test_a_constructor_that_is_called_again_is_recorded_again(self):
        made = Parent(1)
        made.__init__(5)
        assert arguments(made) == {"width": 5, "depth": 2}

    def test_a_constructor_under_another_decorator_is_found(self):
        import functools

        def logged(function):
            return functools.wraps(function)(lambda self, *a, **k: function(self, *a, **k))

        class Logged(ConfigMixin):
            @logged
            @save_config
            def __init__(self, size):
                pass

        assert arguments(Logged(3)) == {"size": 3}

    def test_values_are_kept_not_copied(self):
        layers = [1]
        made = Parent(layers)
        layers.append(2)
        assert arguments(made)["width"] == [1, 2]


class TestRefusals:
    def test_an_unrecorded_constructor_is_told_when_it_is_to_be_saved(self, tmp_path):
        with pytest.raises(ConfigurationError, match=r"constructor of `Unrecorded` does not record") as caught:
            Unrecorded(1).save_pretrained(tmp_path)
        assert "@save_config" in caught.value.hint

    def test_a_class_without_a_constructor_needs_no_record(self, tmp_path):
        class Empty(ConfigMixin):
            pass

        Empty().save_pretrained(tmp_path)
        assert type(Empty.from_pretrained(tmp_path)) is Empty

    def test_only_constructors(self):
        with pytest.raises(ConfigurationError, match="pretrained.not_a_constructor"):

            class Wrong(ConfigMixin):
                @save_config
                def setup(self): ...

    @pytest.mark.parametrize("name", ["__module__", "__version__", "__args__", "__any__"])
    def test_no_reserved_parameters(self, name):
        def constructor(self, value): ...

        constructor.__name__ = "__init__"
        constructor.__signature__ = __import__("inspect").Signature(
            [__import__("inspect").Parameter(each, 1) for each in ("self", name)]
        )
        with pytest.raises(ConfigurationError, match=f"cannot be called `{name}`"):
            save_config(constructor)

    def test_only_in_mixins(self):
        class Stray:
            @save_config
            def __init__(self, a): ...

        with pytest.raises(ConfigurationError, match=r"write `class .*Stray\(ConfigMixin\)`"):
            Stray(1)

    def test_a_forgotten_argument_is_told_by_python(self):
        with pytest.raises(TypeError, match="missing 1 required positional argument: 'width'"):
            Parent()

    def test_wrapping_wants_a_class(self):
        with pytest.raises(ConfigurationError, match="is no class"):
            wrap_config_mixin(Parent(1))

    @pytest.mark.parametrize("attribute", ["__prefix__", "__weight__", "__save_name__"])
    @pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a b", "C:x", "x" * 200])
    def test_names_that_lead_away(self, attribute, name):
        with pytest.raises(ConfigurationError, match="pretrained.bad_name"):
            type("Odd", (ConfigMixin,), {attribute: name})


class TestSignatures:
    def test_star_arguments_come_back(self, tmp_path):
        made = classes.WrappedPlain(1, 2, 3, scale=0.5, more=(1,), size=9)
        made.save_pretrained(tmp_path)
        assert classes.WrappedPlain.from_pretrained(tmp_path).given == (1, (2, 3), 0.5, {"more": (1,), "size": 9})

    def test_annotations_that_cannot_be_imported_do_no_harm(self, tmp_path):
        made = classes.Tagger(3, log=print)
        assert arguments(made) == {"size": 3, "words": None, "kind": None}

    def test_keyword_arguments_may_be_called_anything(self, tmp_path):
        class Open(ConfigMixin):
            @save_config
            def __init__(self, **values):
                self.values = values

        made = Open(**{"__module__": "os.system", "__args__": [1], "self_": 2, "a b": 3})
        made.save_pretrained(tmp_path)
        assert Open.from_pretrained(tmp_path).values == made.values

    def test_marks_hold_for_stars_too(self):
        class Quiet(ConfigMixin):
            @save_config
            def __init__(self, *rest: Ignore, **more: Ignore): ...

        assert arguments(Quiet(1, a=2)) == {}


class TestWrapping:
    def test_it_is_done_once(self):
        assert wrap_config_mixin(classes.Plain) is classes.WrappedPlain
        assert wrap_config_mixin(classes.WrappedPlain) is classes.WrappedPlain
        assert wrap_config_mixin(Parent) is Parent

    def test_the_original_stays_as_it_is(self):
        assert not issubclass(classes.Plain, ConfigMixin) and not issubclass(torch.nn.Linear, ConfigMixin)
        assert isinstance(classes.WrappedPlain(1), classes.Plain)

    @pytest.mark.parametrize(
        ("kind", "made"),
        [
            (classes.Wrapped, lambda: classes.Wrapped(5)),
            (classes.WrappedPlain, lambda: classes.WrappedPlain(5, scale=2.0)),
            (classes.Linear, lambda: classes.Linear(2, 3)),
            (classes.Child, lambda: classes.Child(5)),
            (classes.Frozen, lambda: classes.Frozen(5, ("b", "c"))),
            (classes.WrappedSlots, lambda: classes.WrappedSlots(5)),
            (classes.Box, lambda: classes.Box([1, 2])),
            (classes.Layer, lambda: classes.Layer(2, 3, classes.Layer(1, 1))),
        ],
    )
    def test_identity_survives(self, kind, made, tmp_path):
        original = made()
        original.save_pretrained(tmp_path)
        for other in (
            kind.from_pretrained(tmp_path),
            ConfigMixin.from_pretrained(tmp_path),
            pickle.loads(pickle.dumps(original)),  # noqa: S301
            copy.copy(original),
            copy.deepcopy(original),
        ):
            assert type(other) is kind and isinstance(other, kind)
            assert other.config == original.config
            if isinstance(other, torch.nn.Module):
                assert all(torch.equal(*pair) for pair in zip(other.parameters(), original.parameters()))

    def test_name_and_words_are_those_of_the_original(self):
        assert classes.Linear.__name__ == "Linear" and classes.Linear.__module__ == "torch.nn.modules.linear"
        assert classes.WrappedPlain.__doc__ == "Knows nothing of configs."


def test_an_attribute_called_config_is_left_to_the_class():
    class Own(ConfigMixin):
        @save_config
        def __init__(self, size):
            self.config = {"mine": size}

    assert Own(3).config == {"mine": 3}
