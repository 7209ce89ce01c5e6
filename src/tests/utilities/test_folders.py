"""Folders that are whole or not there, and folders that go."""

from __future__ import annotations

from pathlib import Path

import pytest

from tengjia.utilities.folders import folder_written_atomically, remove_folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("inner", ["", "deep/er", "file"])
def test_a_folder_goes_with_all_that_is_in_it(tmp_path: Path, inner: str):
    folder = tmp_path / "gone"
    (folder / inner).mkdir(parents=True)
    (folder / inner / "content").write_text("x")
    remove_folder(folder)
    assert names(tmp_path) == []


def test_a_folder_that_is_not_there_is_no_error_and_links_are_not_followed(tmp_path: Path):
    remove_folder(tmp_path / "never")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("x")
    (tmp_path / "gone").mkdir()
    (tmp_path / "gone" / "link").symlink_to(tmp_path / "kept", target_is_directory=True)
    remove_folder(tmp_path / "gone")
    assert names(tmp_path) == ["kept"] and names(tmp_path / "kept") == ["file"]


def test_a_new_folder_takes_the_place_of_the_old_one_and_nothing_else_stays(tmp_path: Path):
    path = tmp_path / "not" / "there" / "yet"
    for content in ("first", "second"):
        with folder_written_atomically(path) as temporary:
            (temporary / content).write_text(content)
    assert names(path) == ["second"] and names(path.parent) == ["yet"]


def test_a_failure_leaves_the_old_folder(tmp_path: Path):
    path = tmp_path / "folder"
    with folder_written_atomically(path) as temporary:
        (temporary / "old").write_text("x")
    with pytest.raises(ValueError, match="no"), folder_written_atomically(path) as temporary:
        (temporary / "new").write_text("x")
        raise ValueError("no")
    assert names(tmp_path) == ["folder"] and names(path) == ["old"]
