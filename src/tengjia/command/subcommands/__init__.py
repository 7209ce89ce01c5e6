"""What `tengjia` can do: one file a subcommand.

Each has `arguments(parser)`, which declares its arguments, and `run(arguments) -> int`, which gives the exit code.
Words of help stand in `messages/command.py` under `command.<name>`. What is heavy is imported inside `run`.
"""
