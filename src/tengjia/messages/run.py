"""Words about runs."""

from tengjia.messages import Message

MESSAGES = {
    "run.command_line": Message("command line", "命令行"),
    "run.interrupted": Message(
        "stopped on request (signal {signal}). {saved}",
        "按要求停止（信号 {signal}）。{saved}",
        "start the same command with resume=auto to go on",
        "用同一命令加 resume=auto 继续",
    ),
    "run.not_found": Message(
        "no run `{found}` under {folder}; there are: {allowed}",
        "{folder} 下没有运行 `{found}`；现有：{allowed}",
        "train first (stage=train), or name a run: run=latest|best|ID|PATH",
        "请先训练（stage=train），或指定运行：run=latest|best|ID|PATH",
    ),
    "run.bad_name": Message(
        "`{found}` is not a run name: letters, digits, `.`, `_` and `-`, at most 128, not starting with a dot",
        "`{found}` 不是合法的运行名：只能用字母、数字、`.`、`_`、`-`，最长 128，且不能以点开头",
        "choose a name such as 20260101-120000-seed1",
        "请使用形如 20260101-120000-seed1 的名字",
    ),
}
