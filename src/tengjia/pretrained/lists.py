"""The file lists of a folder that was saved: one for each part (`model/`, `trainer/`), one that covers all."""

from __future__ import annotations

from pathlib import Path

from tengjia.bundle.filelist import FILELIST, Listed, read_filelist, write_filelist
from tengjia.errors import CheckpointError
from tengjia.utilities.files import sha256_of_file, write_text


def make_filelist(folder: Path | str) -> Path:
    """Write the lists of a folder anew, after a file in it was changed or added by hand.

    Args:
        folder: What `save_pretrained` wrote: the folder that holds `model/` or `trainer/`.

    Returns:
        The list that covers everything.

    Raises:
        CheckpointError: There is no such folder, or a file bears a name that cannot be carried.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise CheckpointError("pretrained.no_folder", file=folder)
    for part in sorted(folder.iterdir()):
        if part.is_dir() and (part / FILELIST).is_file():
            write_filelist(part)
    return write_root_list(folder)


def write_root_list(folder: Path) -> Path:
    """Write the list of the whole from the lists of its parts; single files that it named before stay in it."""
    listed: dict[str, Listed] = {}
    root = folder / FILELIST
    for path in read_filelist(root) if root.is_file() else ():
        if "/" not in path and (folder / path).is_file():
            listed[path] = _entry(folder / path)
    for part in sorted(folder.iterdir()):
        if part.is_dir() and (part / FILELIST).is_file():
            inner = read_filelist(part / FILELIST)
            listed |= {f"{part.name}/{path}": entry for path, entry in inner.items()}
            listed[f"{part.name}/{FILELIST}"] = _entry(part / FILELIST)
    write_text(root, "".join(f"{path} {entry.size} {entry.sha256}\n" for path, entry in sorted(listed.items())))
    return root


def _entry(file: Path) -> Listed:
    return Listed(file.stat().st_size, sha256_of_file(file))
