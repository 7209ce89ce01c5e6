"""Run folders: the record that executing a stage leaves."""

from tengjia.runs.folder import RunFolder, select_run

__all__ = ["RunFolder", "select_run"]
