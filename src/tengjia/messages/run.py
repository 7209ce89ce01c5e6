"""Words about runs."""

from tengjia.messages import Message

MESSAGES = {
    "run.warning": Message("warning: ", "警告："),
    "run.error": Message("error: ", "错误："),
    "run.command_line": Message("command line", "命令行"),
    "run.interrupted": Message(
        "stopped on request (signal {signal}). {saved}",
        "按要求停止（信号 {signal}）。{saved}",
        "start the same command again when you like",
        "需要时重新执行同一命令即可",
    ),
    "run.interrupted_training": Message(
        "stopped on request (signal {signal}). {saved}",
        "按要求停止（信号 {signal}）。{saved}",
        "start the same command with resume=auto to go on",
        "用同一命令加 resume=auto 继续",
    ),
    "run.interrupted_early": Message(
        "stopped on request (signal {signal}). {saved}",
        "按要求停止（信号 {signal}）。{saved}",
        "there is no checkpoint yet: start the same command again; what was finished of preprocessing stays in the cache",
        "还没有检查点：请重新执行同一命令；预处理中已完成的部分保留在缓存中",
    ),
    "run.interrupted_preprocessing": Message(
        "stopped on request (signal {signal}). {saved}",
        "按要求停止（信号 {signal}）。{saved}",
        "start the same command again; what was finished stays in the cache",
        "请重新执行同一命令；已完成的部分保留在缓存中",
    ),
    "run.interrupted_after_training": Message(
        "stopped on request (signal {signal}). {saved}",
        "按要求停止（信号 {signal}）。{saved}",
        "training is finished; to go on: {rest}",
        "训练已完成；要继续，请执行：{rest}",
    ),
    "run.interrupted_tagging": Message(
        "stopped on request (signal {signal}). {saved}",
        "按要求停止（信号 {signal}）。{saved}",
        "the same command goes on from there; apply.resume=never begins anew",
        "执行同一命令即可从此处继续；apply.resume=never 表示从头开始",
    ),
    "run.interrupted_folds": Message(
        "stopped on request (signal {signal}). {saved}",
        "按要求停止（信号 {signal}）。{saved}",
        "to go on, give the same command with resume={run}; finished folds are not done again",
        "要继续，请在同一命令后加 resume={run}；已完成的折不会重做",
    ),
    "run.interrupted_sweep": Message(
        "stopped on request (signal {signal}). {saved}",
        "按要求停止（信号 {signal}）。{saved}",
    ),
    "run.stopped_at_once": Message(
        "stopped at once; what was not saved yet is lost",
        "已立即停止；尚未保存的工作已丢失",
    ),
    "run.no_folder": Message(
        "no run can be made here: {reason}",
        "无法在此创建运行目录：{reason}",
        "set check_point_root to a folder that can be written and has room",
        "请把 check_point_root 设为可写且空间充足的目录",
    ),
    "run.no_log": Message(
        "no log can be written here: {reason}",
        "无法在此写日志：{reason}",
        "set log_root to a folder that can be written and has room",
        "请把 log_root 设为可写且空间充足的目录",
    ),
    "run.no_model": Message(
        "run {run} left no model: its training is `{state}`. {reason}",
        "运行 {run} 没有留下模型：训练状态为“{state}”。{reason}",
        "choose another run (`tengjia list runs`), or go on with this one: stage=train resume={run}",
        "请选择其他运行（`tengjia list runs`），或继续训练它：stage=train resume={run}",
    ),
    "run.none_finished": Message(
        "no run under {folder} finished stage {stage}, so there is no `{found}` one; unfinished: {allowed}",
        "{folder} 下没有完成 {stage} 阶段的运行，因此没有 `{found}`；未完成的有：{allowed}",
        "train first (stage=train; resume=auto goes on with an unfinished one), or name a run: run=ID|PATH",
        "请先训练（stage=train；resume=auto 可续跑未完成的运行），或指定运行：run=ID|PATH",
    ),
    "run.none_left_bundle": Message(
        "no run under {folder} left what answers, so there is no `{found}` one; there is: {allowed}",
        "{folder} 下没有运行留下可用的结果，因此没有 `{found}`；现有运行：{allowed}",
        "run the stages before this one first, or name a run: run=ID|PATH",
        "请先运行前面的阶段，或指定运行：run=ID|PATH",
    ),
    "run.list_head": Message("run|began|state|best score|of", "运行|开始时间|状态|最佳得分|指标"),
    "run.list_none": Message("no run of {app}/{task} under {folder}", "{folder} 下没有 {app}/{task} 的运行"),
    "run.list_hidden": Message(
        "{count} more came to nothing: `tengjia list runs --all` shows them and why",
        "另有 {count} 次运行无果而终：`tengjia list runs --all` 可查看及其原因",
    ),
    "run.state_running": Message("running", "进行中"),
    "run.state_finished": Message("finished", "已完成"),
    "run.state_failed": Message("failed", "失败"),
    "run.state_interrupted": Message("interrupted", "已中断"),
    "run.state_new": Message("new", "新建"),
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
