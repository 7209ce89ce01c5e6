"""Words of `run_modeling.py`."""

from tengjia.messages import Message

MESSAGES = {
    "modeling.other_kind_of_run": Message(
        "run {run} cannot be gone on with here: what was done in it is {found}",
        "不能在此继续运行 {run}：其中执行过的阶段是 {found}",
        "a cross-validation goes on by stage=cross_validate, a training by stage=train; resume=auto finds one of the right kind",
        "交叉验证用 stage=cross_validate 继续，训练用 stage=train 继续；resume=auto 会找到同类的运行",
    ),
    "modeling.stage_finished": Message(
        "stage {stage} finished in {seconds} s: {run}", "阶段 {stage} 完成，用时 {seconds} 秒：{run}"
    ),
    "modeling.run_created": Message("new run {run} in {folder}", "新建运行 {run}，位于 {folder}"),
    "modeling.run_resumed": Message("going on with run {run} in {folder}", "继续运行 {run}，位于 {folder}"),
    "modeling.resumed_differently": Message(
        "run {run} goes on with other values than it began with: {keys}", "运行 {run} 续跑时改变了以下设置：{keys}"
    ),
    "modeling.run_used": Message("using run {run} in {folder}", "使用运行 {run}，位于 {folder}"),
    "modeling.first_process_failed": Message(
        "the first process could not choose a run",
        "首个进程未能选定运行",
        "its message tells why",
        "原因见该进程的消息",
    ),
    # --- sweeps
    "modeling.sweep_begins": Message("sweep {sweep}", "搜索 {sweep}"),
    "modeling.sweep_resumed": Message("going on with sweep {sweep}", "继续搜索 {sweep}"),
    "modeling.sweep_stopped": Message(
        "sweep {sweep} was stopped",
        "搜索 {sweep} 已停止",
        "the same command with sweep={sweep} goes on; finished jobs are not repeated",
        "用同一命令加 sweep={sweep} 继续；已完成的作业不会重复执行",
    ),
    "modeling.sweep_failed": Message(
        "{count} job(s) of sweep {sweep} failed; the same command with sweep={sweep} tries only these again",
        "搜索 {sweep} 中有 {count} 个作业失败；用同一命令加 sweep={sweep} 只重试这些作业",
    ),
    "modeling.no_sweep": Message(
        "no sweep `{found}` under {folder}; there are: {allowed}",
        "{folder} 下没有搜索 `{found}`；现有：{allowed}",
        "leave sweep= out for a new one",
        "省略 sweep= 即新建搜索",
    ),
    "modeling.job_begins": Message("job {number}: {overrides}", "作业 {number}：{overrides}"),
    "modeling.job_known": Message(
        "job {number}: {overrides}: finished before, not repeated (run {run})",
        "作业 {number}：{overrides}：此前已完成，不再重复（运行 {run}）",
    ),
    "modeling.job_failed": Message(
        "job {number} failed: {overrides}: {reason}", "作业 {number} 失败：{overrides}：{reason}"
    ),
    "modeling.table_job": Message("job", "作业"),
    "modeling.table_score": Message("best score", "最佳得分"),
    "modeling.table_state": Message("state", "状态"),
    "modeling.table_overrides": Message("overrides", "覆盖项"),
    "modeling.table_run": Message("run", "运行"),
    # --- the command `tengjia`
    "modeling.task_checked": Message("{app}/{task}: {count} mistake(s)", "{app}/{task}：{count} 处错误"),
    "modeling.tasks_checked": Message(
        "{count} task(s) checked, {wrong} with mistakes", "已检查 {count} 个任务，{wrong} 个有错误"
    ),
    "modeling.english": Message(
        "(What modules say of themselves stands in their code.)", "（模块与参数的说明取自代码，为英文。）"
    ),
    "modeling.unknown_kind": Message(
        "no kind of module `{found}`; {nearest}there are: {allowed}",
        "没有模块类别 `{found}`；{nearest}现有：{allowed}",
        "`tengjia list` tells all kinds and modules, `tengjia list runs` the runs",
        "`tengjia list` 列出全部类别与模块，`tengjia list runs` 列出运行",
    ),
    "modeling.unknown_section": Message(
        "no base task and no task has a section `{found}`; {nearest}there are: {allowed}",
        "没有任何基础任务或任务有配置节 `{found}`；{nearest}现有：{allowed}",
        "`tengjia show section/encoding` shows one",
        "例如 `tengjia show section/encoding`",
    ),
    "modeling.kind_and_name": Message(
        "`{found}` is not KIND/NAME",
        "`{found}` 不是“类别/名称”的形式",
        "for instance model/bilstm_crf; `tengjia list` tells all",
        "例如 model/bilstm_crf；全部见 `tengjia list`",
    ),
    "modeling.bad_module_name": Message(
        "`{found}` cannot name a module: small letters, digits and `_`",
        "`{found}` 不能作为模块名：只能用小写字母、数字和 `_`",
        "choose another name",
        "请换一个名称",
    ),
    "modeling.file_exists": Message(
        "`{found}` is there already",
        "`{found}` 已存在",
        "choose another name, or remove the file",
        "请换一个名称，或删除该文件",
    ),
}
