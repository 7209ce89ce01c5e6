"""Words of the command `tengjia`."""

from tengjia.messages import Message

MESSAGES = {
    "command.tengjia": Message(
        "Look, check, explain, prove. Stages are run by: python run_modeling.py task=ner stage=train",
        "查看、检查、解释、验证。各阶段用 python run_modeling.py task=ner stage=train 运行",
        "`tengjia COMMAND --help` tells more.",
        "`tengjia COMMAND --help` 有更多说明。",
    ),
    "command.debug": Message("show the traceback of an error", "出错时显示完整调用栈"),
    "command.version": Message("show the version and stop", "显示版本后退出"),
    "command.list": Message(
        "list the modules of a kind, or of all kinds; or the runs of a task",
        "列出某一类或所有类别的模块，或列出任务的运行",
        "examples: tengjia list model; tengjia list runs --task ner",
        "例：tengjia list model；tengjia list runs --task ner",
    ),
    "command.list_kind": Message(
        "model, tokenizer, ..., all kinds when left out; or `runs`",
        "model、tokenizer 等，省略则列出所有类别；或 `runs`",
    ),
    "command.list_base": Message(
        "only what fits this base task (sequence_labeling, text_classification, ...)",
        "只列出适用于该基础任务的模块（sequence_labeling、text_classification 等）",
    ),
    "command.list_app": Message(
        "also what this application brings; runs: of this application", "包括该应用自带的模块；列出运行时：该应用的运行"
    ),
    "command.list_task": Message(
        "also what this task brings; runs: of this task", "包括该任务自带的模块；列出运行时：该任务的运行"
    ),
    "command.list_all": Message("runs: those that came to nothing too", "列出运行时：包括无果而终的运行"),
    "command.show": Message(
        "show a module: file, description, parameters with defaults",
        "显示一个模块：文件、说明、参数与默认值",
        "example: tengjia show model/bilstm_crf",
        "例：tengjia show model/bilstm_crf",
    ),
    "command.unknown": Message(
        "no command `{found}`; {nearest}there are: {allowed}",
        "没有命令 `{found}`；{nearest}现有：{allowed}",
        "`tengjia --help` tells what each does; stages are run by: python run_modeling.py task=ner stage=train",
        "各命令的作用见 `tengjia --help`；运行各阶段请用 python run_modeling.py task=ner stage=train",
    ),
    "command.module": Message("for instance model/bilstm_crf", "例如 model/bilstm_crf"),
    "command.module_app": Message("also look in this application", "同时在该应用中查找"),
    "command.module_task": Message("also look in this task", "同时在该任务中查找"),
    "command.copy_new": Message("another name; without it the copy hides the original", "新名称；省略则副本取代原模块"),
    "command.start_kind": Message(
        "model, reader, callbacks, ...: `tengjia list`", "如 model、reader、callbacks，见 `tengjia list`"
    ),
    "command.start_module": Message("name of the new module", "新模块的名称"),
    "command.start_app": Message("an application that is there", "已有的应用"),
    "command.start_new_app": Message("name of the new application", "新应用的名称"),
    "command.start_task": Message("name of the new task", "新任务的名称"),
    "command.start_first_app": Message("name of its first application (demo_app)", "首个应用的名称（demo_app）"),
    "command.start_first_task": Message("name of its first task (ner)", "首个任务的名称（ner）"),
    "command.start_like": Message(
        "begin as a copy of this task: ner, or demo_app/ner", "以该任务的副本为起点：ner 或 demo_app/ner"
    ),
    "command.start_base": Message("begin on this base task: sequence_labeling", "基于该基础任务：sequence_labeling"),
    "command.start_folder": Message(
        "folder of the new project; what it holds stays", "新项目的文件夹；其中已有内容保持不变"
    ),
    "command.start_dry_run": Message("only say which files would be written", "只列出将写入的文件"),
    "command.check_app": Message("one application; all when left out", "某个应用；省略则检查全部"),
    "command.check_task": Message("one task of it; all when left out", "其中某个任务；省略则检查全部"),
    "command.explain_key": Message(
        "model.dropout; a section (model) for all below it; all for everything",
        "如 model.dropout；写一节的名称（如 model）则列出其下全部；all 列出所有设置",
    ),
    "command.explain_overrides": Message(
        "as for run_modeling.py: task=ner stage=test ...", "与 run_modeling.py 相同：task=ner stage=test 等"
    ),
    "command.of_project_app": Message(
        "application (default: that of config_project.yaml)", "应用（默认取 config_project.yaml 中的）"
    ),
    "command.of_project_task": Message(
        "task (default: that of config_project.yaml)", "任务（默认取 config_project.yaml 中的）"
    ),
    "command.verify_words": Message(
        "demo_app ner trainer.accumulate=2 ...", "应用、任务、设置，例如 demo_app ner trainer.accumulate=2"
    ),
    "command.verify_points": Message("how many stops to try (5)", "尝试中断多少次（5）"),
    "command.verify_steps": Message("optimizer steps of each training (30)", "每次训练的优化步数（30）"),
    "command.completion_shell": Message("`words` is what the script asks", "`words` 供补全脚本查询"),
    "command.doctor_json": Message("one JSON document, for programs", "输出一个 JSON，供程序读取"),
    "command.doctor_cpu": Message("{kind}, {threads} threads", "{kind}，{threads} 个线程"),
    "command.doctor_there": Message("there", "可用"),
    "command.doctor_free": Message("{free} GiB free", "剩余 {free} GiB"),
    "command.copy": Message(
        "copy a module of the library into src/modules, to change it",
        "把库中的模块复制到 src/modules 以便修改",
        "example: tengjia copy model/bilstm_crf",
        "例：tengjia copy model/bilstm_crf",
    ),
    "command.startproject": Message(
        "write a project of your own: the tree of folders, configs, a first task that trains at once, its test",
        "新建项目：目录、配置、可立即训练的首个任务及其测试",
        "example: tengjia startproject my_project --app shop --task orders",
        "例：tengjia startproject my_project --app shop --task orders",
    ),
    "command.startapp": Message(
        "write an application with a first task that trains at once, and its test",
        "新建应用，含可立即训练的首个任务及其测试",
        "example: tengjia startapp shop --task orders",
        "例：tengjia startapp shop --task orders",
    ),
    "command.starttask": Message(
        "write a task on a base task, or like one that is there, and its test",
        "基于某个基础任务或仿照已有任务新建任务及其测试",
        "examples: tengjia starttask demo_app my_task --like ner; tengjia starttask shop orders --base sequence_labeling",
        "例：tengjia starttask demo_app my_task --like ner；tengjia starttask shop orders --base sequence_labeling",
    ),
    "command.startmodule": Message(
        "write a small module that works into src/modules, and its test",
        "在 src/modules 中写入一个可用的小模块及其测试",
        "example: tengjia startmodule model my_model",
        "例：tengjia startmodule model my_model",
    ),
    "command.check": Message(
        "check every YAML of the project, an application or a task, before anything runs",
        "在运行之前检查整个项目、某个应用或某个任务的全部 YAML",
        "example: tengjia check demo_app ner",
        "例：tengjia check demo_app ner",
    ),
    "command.explain": Message(
        "say which file, line or override set a value",
        "说明某个值由哪个文件、哪一行或哪个命令行参数设定",
        "example: tengjia explain model.dropout",
        "例：tengjia explain model.dropout",
    ),
    "command.doctor": Message(
        "look at the machine: versions, devices, disk, SQLite, optional parts, known-bad versions",
        "检查机器：版本、设备、磁盘、SQLite、可选组件、已知有问题的版本",
    ),
    "command.diff": Message(
        "compare two runs: config, data, metrics",
        "比较两次运行：配置、数据、指标",
        "example: tengjia diff latest best",
        "例：tengjia diff latest best",
    ),
    "command.diff_run": Message("latest, best, the name of a run, or its path", "latest、best、运行的名称或路径"),
    "command.diff_none": Message("no difference", "没有差异"),
    "command.diff_config": Message("config", "配置"),
    "command.diff_data": Message("data", "数据"),
    "command.diff_environment": Message("environment", "环境"),
    "command.diff_results": Message("{stage} results", "{stage} 阶段的结果"),
    "command.diff_only": Message("only {run} has any", "只有 {run} 有"),
    "command.verify_resume": Message(
        "prove that your own task resumes exactly: stopped and resumed against uninterrupted, bit by bit",
        "证明你的任务可以精确续训：中断后继续与从不中断逐位比较",
        "example: tengjia verify-resume demo_app ner",
        "例：tengjia verify-resume demo_app ner",
    ),
    "command.cache": Message(
        "the cache of encoded corpora: list it, ask why it missed, collect garbage",
        "已编码语料的缓存：列出、查询未命中的原因、清理",
        "examples: tengjia cache ls; tengjia cache why; tengjia cache gc --older-than 30 --dry-run",
        "例：tengjia cache ls；tengjia cache why；tengjia cache gc --older-than 30 --dry-run",
    ),
    "command.cache_ls": Message("list what the cache holds", "列出缓存内容"),
    "command.cache_why": Message(
        "why an entry had to be made: what differed from the most similar one before it",
        "某个条目为什么要重新生成：与之前最相近的条目有何不同",
    ),
    "command.cache_gc": Message("remove old entries", "清理旧条目"),
    "command.cache_days": Message("remove what was not used for so many days", "清理超过这么多天未使用的条目"),
    "command.cache_size": Message(
        "remove the least recently used until so many GiB are left", "从最久未用的开始清理，直到总量不超过这么多 GiB"
    ),
    "command.cache_dry": Message("only say what would be removed", "只说明会清理什么，不动手"),
    "command.cache_entry": Message(
        "an entry, by the beginning of its name (default: the newest)", "条目名的开头（默认最新的一个）"
    ),
    "command.cache_empty": Message("the cache is empty: {folder}", "缓存为空：{folder}"),
    "command.cache_unknown": Message(
        "no entry `{found}` in {folder}; there are: {allowed}",
        "{folder} 中没有条目 `{found}`；现有：{allowed}",
        "`tengjia cache ls` lists them",
        "`tengjia cache ls` 可列出全部条目",
    ),
    "command.cache_freed": Message("{count} entries, {size}", "{count} 个条目，{size}"),
    "command.cache_no_limit": Message(
        "nothing says what is old",
        "没有说明什么算旧",
        "give --older-than DAYS or --larger-than GIB",
        "请给出 --older-than 天数 或 --larger-than GiB",
    ),
    "command.data": Message(
        "named corpora: list them, fetch one (resumable, verified)",
        "已登记的语料：列出、下载（可续传、有校验）",
        "examples: tengjia data list; tengjia data get resume_ner",
        "例：tengjia data list；tengjia data get resume_ner",
    ),
    "command.store": Message(
        "the model store: versions, aliases, push and pull, a server",
        "模型仓库：版本、别名、推送与拉取、服务器",
        "examples: tengjia store push ner 1.0 FOLDER --publish; tengjia store pull ner production FOLDER; tengjia store ls",
        "例：tengjia store push ner 1.0 文件夹 --publish；tengjia store pull ner production 文件夹；tengjia store ls",
    ),
    "command.bundle": Message(
        "what training leaves: show its card, verify it, export it to ONNX",
        "训练产出的模型包：查看卡片、验证、导出为 ONNX",
        "examples: tengjia bundle show latest; tengjia bundle verify best; tengjia bundle export best --to onnx exported",
        "例：tengjia bundle show latest；tengjia bundle verify best；tengjia bundle export best --to onnx exported",
    ),
    "command.completion": Message(
        "print what makes the shell complete names and keys",
        "输出让 shell 补全名字和键的脚本",
        'example: eval "$(tengjia completion bash)"',
        '例：eval "$(tengjia completion bash)"',
    ),
    "command.doctor_untested": Message(
        "Tengjia is tested on Linux; on {system} nothing is known to fail, and nothing is proven",
        "Tengjia 在 Linux 上测试；在 {system} 上没有已知问题，也未经验证",
    ),
    "command.doctor_bad_version": Message(
        "known to be bad ({why}): pip install '{name}>={lowest}'",
        "此版本已知有问题（{why}）：pip install '{name}>={lowest}'",
    ),
    "command.doctor_sqlite": Message(
        "older than {lowest}: many writers on one database in WAL mode can lose pages (sqlite.org/wal.html#walresetbug)",
        "低于 {lowest}：WAL 模式下多个进程写同一数据库可能丢页（sqlite.org/wal.html#walresetbug）",
    ),
    "command.doctor_space": Message(
        "little space: runs keep several checkpoints each", "空间不多：每次运行会保留若干检查点"
    ),
    "command.refused": Message(
        "the system refuses: {reason}",
        "系统拒绝操作：{reason}",
        "look at the space (`tengjia doctor`), the rights and the kind of this path; check_point_root, log_root and cache_root "
        "say where things are written",
        "请检查该路径的剩余空间（`tengjia doctor`）、权限与类型；写入位置由 check_point_root、log_root 与 cache_root 决定",
    ),
    "command.no_memory": Message(
        "there is not enough memory: {reason}",
        "内存不足：{reason}",
        "lower trainer.batch_size (trainer.accumulate keeps the global batch), set trainer.batch_pieces, shorten "
        "encoding.maximum_length, or take a smaller model; for apply lower apply.batch_size",
        "请减小 trainer.batch_size（用 trainer.accumulate 保持全局批次）、设置 trainer.batch_pieces、缩短 encoding.maximum_length，"
        "或选用更小的模型；apply 阶段请减小 apply.batch_size",
    ),
    "command.bug": Message(
        "This is a mistake of Tengjia, not yours.",
        "这是 Tengjia 自身的错误，不是你的问题。",
        "Please report it with the lines above and the output of `tengjia doctor`.",
        "请附上以上内容和 `tengjia doctor` 的输出反馈给我们。",
    ),
    "command.problems": Message("{count} mistakes were found:", "发现 {count} 处错误："),
    "command.error": Message("error: ", "错误："),
    "command.no_project": Message(
        "no {found} in {folder} or above it",
        "{folder} 及其上级目录中没有 {found}",
        "go to the folder of a project and try again",
        "请进入项目目录后重试",
    ),
}
