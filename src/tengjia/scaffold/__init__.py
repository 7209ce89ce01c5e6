"""Writes what one begins with: a project, an application, a task, a module. The texts stand in `templates/`."""
