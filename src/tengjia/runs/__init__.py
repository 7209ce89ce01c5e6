"""Run folders: the record that executing a stage leaves."""
