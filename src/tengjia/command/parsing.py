"""Python's own words of a command line (`usage`, `the following arguments are required`) in the user's language."""

from __future__ import annotations

import argparse
from typing import Final

from tengjia.messages import language

_CHINESE: Final = {
    "usage: ": "用法：",
    "positional arguments": "位置参数",
    "options": "选项",
    "show this help message and exit": "显示本帮助后退出",
    "%(prog)s: error: %(message)s\n": "%(prog)s：错误：%(message)s\n",
    "the following arguments are required: %s": "缺少参数：%s",
    "one of the arguments %s is required": "以下参数需给出其一：%s",
    "not allowed with argument %s": "不能与参数 %s 同时使用",
    "unrecognized arguments: %s": "无法识别的参数：%s",
    "argument %(argument_name)s: %(message)s": "参数 %(argument_name)s：%(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r 不是可选的值（可选：%(choices)s）",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "没有 %(parser_name)r（可选：%(choices)s）",
    "invalid %(type)s value: %(value)r": "%(value)r 不是合法的 %(type)s",
    "expected one argument": "需要一个值",
    "expected at most one argument": "至多需要一个值",
    "expected at least one argument": "至少需要一个值",
    "ambiguous option: %(option)s could match %(matches)s": "选项 %(option)s 不明确，可能是 %(matches)s",
    "ignored explicit argument %r": "不接受值 %r",
}


def speak() -> None:
    """Let `argparse` speak Chinese if the user does.

    It asks the global gettext for its words, whose language is that of the locale and whose catalogues have no
    Chinese; so its own short name for that is bent.
    """
    said = _CHINESE if language() == "zh" else {}
    setattr(argparse, "_", lambda message: said.get(message, message))  # noqa: B010  # typed stubs do not know it
