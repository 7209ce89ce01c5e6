"""What `repo` may be. Whatever could lead elsewhere is refused before anything is opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.errors import ConfigurationError
from tengjia.pretrained import AutoModelPipeline
from tengjia.pretrained.sources import Options, read_address

GOOD = [
    ("ner", "cache", "ner", None),
    ("demo_app/ner", "cache", "demo_app/ner", None),
    ("简历识别", "cache", "简历识别", None),
    ("https://models.example/a/b", "https", "models.example/a/b", None),
    ("https://models.example:8443/a/", "https", "models.example:8443/a", None),
    ("https://MODELS.example", "https", "models.example", None),
    ("http://127.0.0.1:9000/ner", "http", "127.0.0.1:9000/ner", None),
    ("http://localhost/ner", "http", "localhost/ner", None),
    ("hf://acme/ner", "hf", "acme/ner", None),
    ("hf://acme/ner@v1.0", "hf", "acme/ner", "v1.0"),
    ("hf://acme/ner@refs/pr/3", "hf", "acme/ner", "refs/pr/3"),
    ("modelscope://acme/ner-2.zh@master", "modelscope", "acme/ner-2.zh", "master"),
    ("store://ner", "store", "ner", None),
    ("store://ner@production", "store", "ner", "production"),
    ("s3://bucket/models/ner", "s3", "bucket/models/ner", None),
    ("memory://ner", "memory", "ner", None),
]

ATTACKS = [
    "",
    ".",
    "..",
    "../other",
    "a/../b",
    "a/./b",
    "a//b",
    "/etc",
    "/etc/passwd",
    "~",
    "~root/x",
    "a/b/c/d",
    "C:\\models",
    "C:models",
    "\\\\server\\share",
    "a\\b",
    "con",
    "NUL.txt",
    "com1",
    "name.",
    ".hidden",
    "-rf",
    "a b",
    "a\x00b",
    "a\nb",
    "a\u202eb",
    "a\ud800",
    "%2e%2e/x",
    "${HOME}",
    "$(id)",
    "x" * 129,
    "x" * 5000,
    "ner@v1",
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "ftp://host/x",
    "data://x",
    "javascript://x",
    "git+https://host/x",
    "HTTPS://host/x",
    "simplecache::s3://bucket/x",
    "s3://",
    "s3://bucket/../x",
    "s3://bucket//x",
    "s3://bucket/.x",
    "s3://bucket/a?b",
    "memory://../x",
    "local://etc",
    "http://models.example/x",
    "http://10.0.0.1/x",
    "http://127.0.0.1.evil.example/x",
    "http://localhost@evil.example/x",
    "https://user:secret@host/x",
    "https://host/../x",
    "https://host/a/%2e%2e/b",
    "https://host/a%2fb",
    "https://host/a?b=c",
    "https://host/a#b",
    "https://host/a b",
    "https://host\\@evil.example/x",
    "https:///x",
    "https://-host/x",
    "https://host:0/x",
    "https://host:99999/x",
    "https://host:port/x",
    "https://[::1/x",
    "https://host\r\nX: y/x",
    "https://ho\x00st/x",
    "https://" + "/".join(["a"] * 20),
    "hf://acme",
    "hf://acme/ner/more",
    "hf://../ner",
    "hf://acme/..",
    "hf://acme/a..b",
    "hf://acme/ner@",
    "hf://acme/ner@../x",
    "hf://acme/ner@a/../b",
    "hf://acme/ner@a//b",
    "hf://acme/ner@v 1",
    "hf://acme/ner@v1?x",
    "hf://acme/ner@" + "x" * 300,
    "hf://acme/ner.",
    "hf://acme/nul",
    "hf:///ner",
    "modelscope://acme/n%65r",
    "store://a/b",
    "store://",
    "store://../x",
    "store://ner@../1",
    "store://ner@a@b",
]


@pytest.mark.parametrize(("repo", "scheme", "path", "revision"), GOOD)
def test_names_and_addresses(repo, scheme, path, revision):
    found = read_address(repo)
    assert (found.scheme, found.path, found.revision) == (scheme, path, revision)


@pytest.mark.parametrize("repo", ATTACKS, ids=lambda repo: ascii(repo)[:40])
def test_attacks(repo, tmp_path):
    cache = tmp_path / "cache"
    with pytest.raises(ConfigurationError) as caught:
        AutoModelPipeline.from_pretrained(cache, repo)
    assert caught.value.code == "pretrained.bad_address"
    assert caught.value.message.isprintable() and "secret" not in caught.value.message
    assert not cache.exists(), "nothing was made"


def test_there_are_many_attacks():
    assert len(set(ATTACKS)) >= 80


@pytest.mark.parametrize("repo", [3, b"ner", ["ner"], None.__class__])
def test_other_kinds(repo, tmp_path):
    with pytest.raises(ConfigurationError, match="pretrained.bad_address"):
        AutoModelPipeline.from_pretrained(tmp_path, repo)


@given(st.text(max_size=40) | st.text("./\\:@%?#ah-_ \x00", max_size=30))
def test_what_passes_stays_where_it_belongs(repo):
    try:
        found = read_address(repo)
    except ConfigurationError:
        return
    assert (Path("/cache") / found.path).resolve().is_relative_to("/cache")
    assert ".." not in found.path.split("/") and not any(ord(sign) < 33 for sign in found.path)


class TestRevisions:
    def test_said_beside_the_address(self):
        assert read_address("hf://acme/ner", Options(revision="v2")).revision == "v2"
        assert read_address("store://ner", Options(revision="production")).revision == "production"
        assert read_address("hf://acme/ner@v2", Options(revision="v2")).revision == "v2"

    @pytest.mark.parametrize("repo", ["ner", "https://host/x", "s3://bucket/x", "hf://acme/ner@v1"])
    def test_where_there_is_none_or_another(self, repo):
        with pytest.raises(ConfigurationError, match="pretrained.bad_address"):
            read_address(repo, Options(revision="v2"))

    @pytest.mark.parametrize("revision", ["../x", "", "a b", "-x", "a\x00"])
    def test_bad_ones(self, revision):
        with pytest.raises(ConfigurationError, match="no revision"):
            read_address("hf://acme/ner", Options(revision=revision))


@pytest.mark.parametrize(
    "options", [{"attempts": 0}, {"timeout": 0}, {"largest": -1}, {"digest": "../x"}, {"digest": "A" * 64}], ids=str
)
def test_options_that_make_no_sense(options, tmp_path):
    with pytest.raises(ConfigurationError, match="pretrained.bad_option"):
        AutoModelPipeline.from_pretrained(tmp_path, "ner", **options)


def test_plain_http_is_for_those_who_say_it():
    assert read_address("http://models.example/x", Options(allow_http=True)).scheme == "http"


def test_a_password_in_an_address_is_not_repeated():
    with pytest.raises(ConfigurationError) as caught:
        read_address("https://me:hunter2@host/x")
    assert "hunter2" not in str(caught.value) and "token=" in str(caught.value)
