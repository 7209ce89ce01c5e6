"""`tengjia cache`: list, explain, make room."""

from __future__ import annotations

import pytest

from tengjia.command.main import main
from tengjia.data.cache import Cache
from tengjia.utilities.files import write_text


@pytest.fixture
def cache(tmp_path, monkeypatch):
    (tmp_path / "config_project.yaml").write_text("app: a\ntask: t\ncache_root: kept\n")
    monkeypatch.chdir(tmp_path)
    return Cache(tmp_path / "kept")


def filled(cache: Cache, **parts: str) -> str:
    def fill(folder):
        write_text(folder / "content.txt", "x" * 2048)
        return {}

    return cache.obtain("encoded", parts, fill).fingerprint


def test_an_empty_cache_says_so(cache, capsys):
    assert main(["cache", "ls"]) == 0
    assert "the cache is empty" in capsys.readouterr().out


def test_ls_names_each_entry_with_its_size(cache, capsys):
    name = filled(cache, tokenizer="1")
    assert main(["cache", "ls"]) == 0
    assert capsys.readouterr().out.split()[:4] == [name[:8], "encoded", "2.0", "KiB"]


def test_why_names_what_changed(cache, capsys):
    filled(cache, tokenizer="1", data="d")
    second = filled(cache, tokenizer="2", data="d")
    assert main(["cache", "why", second[:6]]) == 0
    assert "tokenizer: 1 -> 2" in capsys.readouterr().out


def test_why_of_nothing_names_what_there_is(cache, capsys):
    name = filled(cache, tokenizer="1")
    assert main(["cache", "why", "zzz"]) == 3
    told = capsys.readouterr().err
    assert "no entry `zzz`" in told
    assert name[:8] in told


def test_gc_wants_a_limit(cache, capsys):
    assert main(["cache", "gc"]) == 3
    assert "--older-than" in capsys.readouterr().err


def test_gc_removes_only_when_meant(cache, capsys):
    filled(cache, tokenizer="1")
    assert main(["cache", "gc", "--larger-than", "0", "--dry-run"]) == 0
    assert "1 entries, 2.0 KiB" in capsys.readouterr().out
    assert len(cache.entries()) == 1
    assert main(["cache", "gc", "--larger-than", "0"]) == 0
    assert cache.entries() == []


def test_why_of_an_empty_cache_is_no_error(cache, capsys):
    assert main(["cache", "why"]) == 0
    assert "the cache is empty" in capsys.readouterr().out
