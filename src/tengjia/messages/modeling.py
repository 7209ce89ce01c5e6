"""Words of `run_modeling.py`."""

from tengjia.messages import Message

MESSAGES = {
    "modeling.stage_finished": Message(
        "stage {stage} finished in {seconds} s: {run}", "阶段 {stage} 完成，用时 {seconds} 秒：{run}"
    ),
    "modeling.run_created": Message("new run {run} in {folder}", "新建运行 {run}，位于 {folder}"),
    "modeling.run_resumed": Message("going on with run {run} in {folder}", "继续运行 {run}，位于 {folder}"),
    "modeling.run_used": Message("using run {run} in {folder}", "使用运行 {run}，位于 {folder}"),
    "modeling.first_process_failed": Message(
        "the first process could not choose a run",
        "首个进程未能选定运行",
        "its message tells why",
        "原因见该进程的消息",
    ),
}
