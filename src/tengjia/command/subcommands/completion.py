"""`tengjia completion bash|zsh|fish`: what makes the shell complete the command by the Tab key."""

from __future__ import annotations

import argparse

from tengjia.messages import text

_SCRIPTS = {
    "bash": """\
_tengjia() {
    local IFS=$'\\n'
    COMPREPLY=($(tengjia completion words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _tengjia tengjia
""",
    "zsh": """\
_tengjia() {
    local -a found
    found=("${(@f)$(tengjia completion words -- "${(@)words[2,$CURRENT]}" 2>/dev/null)}")
    compadd -a found
}
compdef _tengjia tengjia
""",
    "fish": """\
complete -c tengjia -f -a '(tengjia completion words -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
""",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", choices=[*_SCRIPTS, "words"], help=text("command.completion_shell").message)
    parser.add_argument("typed", nargs="*", help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Print the script, or the words that may come next."""
    if arguments.shell != "words":
        print(_SCRIPTS[arguments.shell], end="")
        return 0
    *before, last = arguments.typed or [""]
    print("\n".join(word for word in candidates(before) if word.startswith(last)))
    return 0


def candidates(before: list[str]) -> list[str]:
    """What may follow the words of a `tengjia` command line."""
    from tengjia.command.main import SUBCOMMANDS
    from tengjia.command.modules import use_scope
    from tengjia.registry import REGISTRIES

    if not before:
        return list(SUBCOMMANDS)
    if before[0] in {"list", "startmodule"} and len(before) == 1:
        return list(REGISTRIES)
    if before[0] in {"show", "copy"} and len(before) == 1:
        use_scope()
        return [f"{kind}/{name}" for kind, registry in REGISTRIES.items() for name in registry.entries()]
    if before[0] in {"check", "starttask"} and len(before) <= 2:
        from tengjia.command.project import find_root
        from tengjia.command.reading import applications, tasks

        if len(before) == 1:
            return applications(find_root())
        return tasks(find_root(), before[1]) if before[0] == "check" else []
    return []
