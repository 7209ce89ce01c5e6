"""Words about config files, overrides and modules."""

from tengjia.messages import Message

MESSAGES = {
    # --- files
    "config.syntax": Message(
        "this is not YAML (column {column}): {reason}",
        "不是合法的 YAML（第 {column} 列）：{reason}",
        "look at this line and the one above: a missing colon, quote, bracket or space",
        "请检查本行与上一行：是否缺少冒号、引号、括号或空格",
    ),
    "config.tab": Message(
        "this line is indented by a tab (column {column})",
        "本行用制表符缩进（第 {column} 列）",
        "indent by spaces",
        "请用空格缩进",
    ),
    "config.duplicate_key": Message(
        "this key stands twice; first in line {first}",
        "该键重复出现；首次出现在第 {first} 行",
        "keep one of them",
        "请只保留一处",
    ),
    "config.bad_key": Message(
        "a key must be a plain word, found {found}",
        "键必须是普通文字，实际为 {found}",
        "write KEY: VALUE; merge keys (`<<`) are not supported",
        "请写成 键: 值；不支持合并键（`<<`）",
    ),
    "config.tag": Message(
        "YAML tags are not allowed, found {found}",
        "不允许使用 YAML 标签，发现 {found}",
        "write a plain value without `!`",
        "请去掉 `!`，直接写值",
    ),
    "config.too_many_nodes": Message(
        "this file is too deep, refers to itself, or repeats itself by aliases (limits: {allowed} nodes, depth {depth})",
        "文件嵌套过深、引用自身或通过别名反复展开（上限：{allowed} 个节点，深度 {depth}）",
        "write the values out, without `&` and `*`",
        "请直接写出各个值，不要使用 `&` 与 `*`",
    ),
    "config.file_too_large": Message(
        "this file has {found} bytes; a config has at most {allowed}",
        "文件有 {found} 字节；配置文件上限为 {allowed} 字节",
        "data belongs under dataset_root, not in a config",
        "数据应放在 dataset_root 下，而不是配置文件中",
    ),
    "config.not_utf8": Message(
        "this file is not UTF-8 (byte {found})",
        "文件不是 UTF-8 编码（字节 {found}）",
        "save it as UTF-8",
        "请另存为 UTF-8",
    ),
    "config.unreadable_file": Message(
        "this file cannot be read: {found}",
        "无法读取该文件：{found}",
        "create it, or copy it from another task",
        "请创建该文件，或从其他任务复制一份",
    ),
    "config.empty_file": Message(
        "this file says nothing",
        "该文件没有任何内容",
        "copy that of another task, or write at least `base_task:` and a defaults list",
        "请从其他任务复制一份，或至少写出 `base_task:` 与 defaults 列表",
    ),
    "config.unsaid": Message(
        "nothing says which `{key}`; there are: {allowed}",
        "没有指定 `{key}`；现有：{allowed}",
        "write `{key}: {example}` in config_project.yaml, or {key}={example} on the command line",
        "请在 config_project.yaml 中写 `{key}: {example}`，或在命令行写 {key}={example}",
    ),
    "config.base_task_unsaid": Message(
        "{step} calls the base task `{found}`, but no file names it",
        "{step} 调用了基础任务 `{found}`，但没有任何配置文件声明它",
        "write `base_task: {found}`",
        "请写 `base_task: {found}`",
    ),
    "config.not_a_mapping": Message(
        "a config is a mapping of keys to values, found {found}",
        "配置应为“键: 值”的映射，实际为 {found}",
        "write KEY: VALUE lines",
        "请按“键: 值”逐行书写",
    ),
    # --- the command line
    "config.refused_flag": Message(
        "the switch `{found}` is not allowed here; allowed: {allowed}",
        "此处不允许使用开关 `{found}`；允许：{allowed}",
        "choose the config by app=, task= and stage=",
        "请通过 app=、task=、stage= 选择配置",
    ),
    "config.flag_value": Message(
        "`{found}` is not a value of this switch; allowed: {allowed}",
        "`{found}` 不是该开关的取值；允许：{allowed}",
        "for instance --cfg job",
        "例如 --cfg job",
    ),
    "config.flags_together": Message(
        "{found} cannot be used together",
        "{found} 不能同时使用",
        "start one command for each",
        "请分别执行",
    ),
    "config.not_an_override": Message(
        "`{found}` is not an override", "`{found}` 不是合法的覆盖项", "write {example}", "请写成 {example}"
    ),
    "config.dashed_override": Message(
        "`{found}`: settings are written without dashes",
        "`{found}`：设置前不加短横线",
        "write {example}",
        "请写成 {example}",
    ),
    "config.override_syntax": Message(
        "`{found}` cannot be understood: {reason}",
        "无法解析 `{found}`：{reason}",
        "put the value in quotes: \"key='a value'\"",
        "请给值加引号：\"key='值'\"",
    ),
    "config.sweep_without_m": Message(
        "`{found}` has several values, which makes a sweep",
        "`{found}` 含多个取值，即超参搜索",
        "add -m for a sweep; write [a,b] for a list, or quotes for a text with commas",
        "若要搜索请加 -m；若是列表请写 [a,b]；若文本中含逗号请加引号",
    ),
    "config.stage_list": Message(
        "several stages are a list: stage=[{found}]",
        "多个阶段应写成列表：stage=[{found}]",
        "write stage=[{found}]",
        "请写成 stage=[{found}]",
    ),
    "config.no_sweep": Message(
        "`{key}` cannot be swept ({found}): it decides what a sweep is about",
        "`{key}` 不能参与搜索（{found}）：搜索本身由它决定",
        "start one command for each value",
        "请为每个取值单独执行命令",
    ),
    "config.sweep_id_without_m": Message(
        "sweep={found} goes on with a sweep, and this is none",
        "sweep={found} 用于续跑搜索，但本命令不是搜索",
        "add -m",
        "请加 -m",
    ),
    "config.delete": Message(
        "`{found}`: only the choice of a module can be taken away",
        "`{found}`：只能取消对模块的选择",
        "write KEY=null where null is allowed",
        "若允许空值，请写 键=null",
    ),
    "config.plus": Message(
        "`{found}`: this setting exists, there is nothing to add",
        "`{found}`：该设置已存在，无需添加",
        "leave out the `+`",
        "请去掉 `+`",
    ),
    # --- app, task, stage
    "config.unknown_app": Message(
        "no application `{found}`; {nearest}there are: {allowed}",
        "没有应用 `{found}`；{nearest}现有：{allowed}",
        "an application is a folder src/applications/NAME with a folder `tasks`",
        "应用即 src/applications/名称 目录，其中含 tasks 目录",
    ),
    "config.unknown_task": Message(
        "no task `{found}`; {nearest}there are: {allowed}",
        "没有任务 `{found}`；{nearest}现有：{allowed}",
        "a task is a folder src/applications/APP/tasks/NAME with a config_task_training.yaml; copy one to start",
        "任务即 src/applications/应用/tasks/名称 目录，其中含 config_task_training.yaml；可复制现有任务开始",
    ),
    "config.unknown_stage": Message(
        "no stage `{found}`; {nearest}this task has: {allowed}",
        "没有阶段 `{found}`；{nearest}该任务有：{allowed}",
        "a file NAME.py or NAME_model.py in the task's folder makes a stage NAME",
        "任务目录中的 名称.py 或 名称_model.py 即构成一个阶段",
    ),
    "config.unknown_base_task": Message(
        "no base task `{found}`; {nearest}there are: {allowed}",
        "没有基础任务 `{found}`；{nearest}现有：{allowed}",
        "set base_task in the task's YAML, or leave it out for a task of your own making",
        "请在任务 YAML 中设置 base_task；完全自定义的任务可省略",
    ),
    "config.step_function": Message(
        "this file has no function `{found}(config, run)`",
        "该文件中没有函数 `{found}(config, run)`",
        "a step file holds one function named like the file",
        "步骤文件应包含一个与文件同名的函数",
    ),
    # --- keys
    "config.unknown_key": Message(
        "`{key}` is not a setting; {nearest}allowed: {allowed}",
        "`{key}` 不是有效的设置；{nearest}允许：{allowed}",
        "correct the key, or take it away",
        "请更正或删除该键",
    ),
    "config.unknown_parameter": Message(
        "{kind} `{option}` has no parameter `{found}`; {nearest}it has: {allowed}",
        "{kind} `{option}` 没有参数 `{found}`；{nearest}可用参数：{allowed}",
        "`tengjia show {kind}/{option}` tells what each means",
        "各参数含义见 `tengjia show {kind}/{option}`",
    ),
    "config.unknown_callback": Message(
        "no callback `{found}`; {nearest}there are: {allowed}",
        "没有回调 `{found}`；{nearest}现有：{allowed}",
        "write callbacks.NAME.enabled=true",
        "请写 callbacks.名称.enabled=true",
    ),
    "config.section_not_a_mapping": Message(
        "`{key}` is a section with parameters, found {found}",
        "`{key}` 是含参数的一节，实际为 {found}",
        "write its parameters below it, or {key}.PARAMETER=VALUE",
        "请在其下书写参数，或写 {key}.参数=值",
    ),
    "config.callback_switch": Message(
        "`{key}` is a section with parameters, found {found}",
        "`{key}` 是含参数的一节，实际为 {found}",
        "a callback is switched by {key}.enabled={example}",
        "回调的开关请写 {key}.enabled={example}",
    ),
    "config.choose_in_defaults": Message(
        "`{key}` holds parameters of a module, found {found!r}",
        "`{key}` 下应为模块参数，实际为 {found!r}",
        "choose the module in the defaults list: `- {kind}: {found}`",
        "请在 defaults 列表中选择模块：`- {kind}: {found}`",
    ),
    "config.section_without_choice": Message(
        "this file chooses no {kind}, so nobody knows whose parameters these are",
        "该文件没有选择 {kind}，无法确定这些参数属于哪个模块",
        "write `{kind}/NAME:`, or choose it in the defaults list: `- {kind}: NAME`",
        "请写 `{kind}/名称:`，或在 defaults 列表中选择：`- {kind}: 名称`",
    ),
    "config.no_module_chosen": Message(
        "no {kind} is chosen, so it has no parameters",
        "没有选择 {kind}，因此没有参数可设",
        "choose one: {kind}=NAME",
        "请先选择：{kind}=名称",
    ),
    "config.from_run": Message(
        "`{key}` comes from the run that was trained and cannot be set here",
        "`{key}` 取自训练好的运行，此处不能设置",
        "choose another run (run=latest|best|ID|PATH), or set it for stage=train",
        "请选择其他运行（run=latest|best|ID|PATH），或在 stage=train 时设置",
    ),
    # --- values
    "config.wrong_type": Message(
        "expected {allowed}, found {found}",
        "应为 {allowed}，实际为 {found}",
        "{key}: {sentence}",
        "{key} 的说明（英文）：{sentence}",
    ),
    "config.wrong_choice": Message(
        "expected one of {allowed}, found {found}{nearest:;}",
        "应为 {allowed} 之一，实际为 {found}{nearest:;}",
        "{key}: {sentence}",
        "{key} 的说明（英文）：{sentence}",
    ),
    "config.out_of_range": Message(
        "{found} makes no sense here; allowed: {allowed}",
        "此处取 {found} 没有意义；允许：{allowed}",
        "{key}: {sentence}",
        "{key} 的说明（英文）：{sentence}",
    ),
    "config.yes_no": Message(
        "expected {allowed}, found {found}",
        "应为 {allowed}，实际为 {found}",
        "write true or false",
        "请写 true 或 false",
    ),
    "config.expected_list": Message(
        "expected {allowed}, found {found}", "应为 {allowed}，实际为 {found}", "write {example}", "请写成 {example}"
    ),
    "config.expected_text": Message(
        "expected {allowed}, found {found}",
        "应为 {allowed}，实际为 {found}",
        "put it in quotes: {example}",
        "请加引号：{example}",
    ),
    "config.missing_value": Message(
        "this setting has no default and was not given; expected {allowed}",
        "该设置没有默认值且未给出；应为 {allowed}",
        "{key}: {sentence}",
        "{key} 的说明（英文）：{sentence}",
    ),
    "config.resolver": Message(
        "`{found}`: only references to other keys are allowed in a value",
        "`{found}`：值中只允许引用其他键",
        "write the value out, or refer to a key: ${{dataset_root}}/ner",
        "请直接写出值，或引用某个键：${{dataset_root}}/ner",
    ),
    "config.bad_reference": Message(
        "`${{{found}}}` refers to a key that does not exist{nearest:;}",
        "`${{{found}}}` 引用了不存在的键{nearest:;}",
        "correct the reference",
        "请更正引用",
    ),
    "config.unresolved": Message(
        "`{found}` cannot be resolved: {reason}", "无法解析 `{found}`：{reason}", "correct the reference", "请更正引用"
    ),
    "config.no_environment": Message(
        "the environment variable of `{found}` is not set",
        "`{found}` 所需的环境变量未设置",
        "set it: export NAME=VALUE",
        "请设置：export 名称=值",
    ),
    # --- code and Hydra
    "config.code_key": Message(
        "`{found}` is not allowed: a config names no code",
        "不允许使用 `{found}`：配置不能指定代码",
        "choose modules by their names, for instance model=bilstm_crf",
        "请按名称选择模块，例如 model=bilstm_crf",
    ),
    "config.hydra_key": Message(
        "`{key}` of Hydra cannot be set; {nearest}allowed: {allowed}",
        "不能设置 Hydra 的 `{key}`；{nearest}允许：{allowed}",
        "where runs and logs go is set by check_point_root and log_root",
        "运行与日志的位置由 check_point_root 和 log_root 决定",
    ),
    "config.hydra_option": Message(
        "`{found}` is not allowed for {key}; {nearest}allowed: {allowed}",
        "{key} 不允许取 `{found}`；{nearest}允许：{allowed}",
        "choose one of the allowed",
        "请从允许的取值中选择",
    ),
    "config.hydra_plugin": Message(
        "{key}={found} needs a package that is not installed: {package}",
        "{key}={found} 需要未安装的包：{package}",
        "pip install {package}",
        "请执行 pip install {package}",
    ),
    "config.hydra_value": Message(
        "`{key}` takes a plain number or word, found {found!r}",
        "`{key}` 只接受普通数字或单词，实际为 {found!r}",
        "write the value out",
        "请直接写出值",
    ),
    "config.hydra_error": Message(
        "Hydra refuses this command: {found}",
        "Hydra 拒绝该命令：{found}",
        "see what it composes: --cfg job, --info defaults-tree; --debug shows where it stopped",
        "查看组合结果：--cfg job、--info defaults-tree；--debug 显示出错位置",
    ),
    "config.hydra_changed": Message(
        "the node {key} of Hydra is not that of the plugin: {found}",
        "Hydra 的 {key} 节点与插件自带的不一致：{found}",
        "remove what changes it",
        "请移除改动它的配置",
    ),
    # --- the defaults list
    "config.defaults_not_a_list": Message(
        "`defaults` is a list",
        "`defaults` 应为列表",
        "write `- KIND: NAME` lines below it",
        "请在其下逐行书写 `- 类别: 名称`",
    ),
    "config.defaults_item": Message(
        "`{found}` is not an item of a defaults list",
        "`{found}` 不是合法的 defaults 条目",
        "write /config_project, _self_, or KIND: NAME",
        "请写 /config_project、_self_ 或 类别: 名称",
    ),
    "config.unknown_kind": Message(
        "no kind of module `{found}`; {nearest}allowed: {allowed}",
        "没有模块类别 `{found}`；{nearest}允许：{allowed}",
        "correct the kind, or write it as a key below the list",
        "请更正类别，或将其作为键写在列表之下",
    ),
    "config.not_a_name": Message(
        "expected the name of a {kind}, found {found!r}",
        "应为 {kind} 的名称，实际为 {found!r}",
        "write {kind}=NAME; parameters follow as {kind}.PARAMETER=VALUE",
        "请写 {kind}=名称；参数另写为 {kind}.参数=值",
    ),
    "config.kind_required": Message(
        "{base_task} needs a {kind}, and none is chosen; there are: {allowed}",
        "{base_task} 需要 {kind}，但未选择；现有：{allowed}",
        "choose one in the defaults list (`- {kind}: NAME`) or on the command line ({kind}=NAME)",
        "请在 defaults 列表（`- {kind}: 名称`）或命令行（{kind}=名称）中选择",
    ),
    # --- modules
    "config.unknown_module": Message(
        "no {kind} `{found}`; {nearest}there are: {allowed}",
        "没有名为 `{found}` 的 {kind}；{nearest}现有：{allowed}",
        "to add one, put a file {found}.py in {folder} (`tengjia copy {kind}/NAME` gives one to start from)",
        "若要新增，请在 {folder} 下放置 {found}.py（可用 `tengjia copy {kind}/名称` 复制现有模块）",
    ),
    "config.unknown_fitting_module": Message(
        "no {kind} `{found}`; {nearest}those that fit {base_task} are: {allowed}",
        "没有名为 `{found}` 的 {kind}；{nearest}适用于 {base_task} 的有：{allowed}",
        "to add one, put a file {found}.py in {folder} (`tengjia copy {kind}/NAME` gives one to start from)",
        "若要新增，请在 {folder} 下放置 {found}.py（可用 `tengjia copy {kind}/名称` 复制现有模块）",
    ),
    "config.no_words": Message(
        "`{code}` ({shown})",
        "错误 `{code}`（{shown}）",
        "no words are written for this code: put them in src/messages/{name}.py of the project that it comes from",
        "该代码没有对应的文字：请在其所属项目的 src/messages/{name}.py 中补上",
    ),
    "config.duplicate_module": Message(
        "two files on one level are both the {key} `{found}`: this and {other}",
        "同一层级有两个文件都是 {key} `{found}`：本文件与 {other}",
        "rename or remove one of them",
        "请重命名或删除其中一个",
    ),
    "config.override_unsaid": Message(
        "this {key} `{found}` hides {other} without saying so",
        "该 {key} `{found}` 遮盖了 {other}，但未声明",
        "register it with override=True, or rename it",
        "请在注册时写 override=True，或改名",
    ),
    "config.not_registered": Message(
        "this file registers no {kind} `{found}`",
        "该文件没有注册名为 `{found}` 的 {kind}",
        'its class needs the decorator @....register("{found}"), the name of the file',
        '其中的类需要装饰器 @....register("{found}")，名称与文件名一致',
    ),
    "config.module_unreadable": Message(
        "this file cannot be read as Python: {found}",
        "无法按 Python 解析该文件：{found}",
        "mend the file",
        "请修复该文件",
    ),
    "config.foreign_base": Message(
        "`class Config({found})`: parameters are read without importing, so this base cannot be followed",
        "`class Config({found})`：参数不经导入而直接从源码读取，无法追溯此基类",
        "build on the `Config` of a class that is imported from the library (`from tengjia... import Owner`, "
        "`Owner.Config`) or stands before it in the file, or write the parameters out",
        "请继承从库中导入的类（`from tengjia... import Owner`，`Owner.Config`）或同一文件中位于其前的类的 `Config`，或直接写出各参数",
    ),
    "config.no_class": Message(
        "this file holds no `{found}`",
        "该文件中没有 `{found}`",
        'a module file holds one class with @....register("NAME") and a nested Config',
        '模块文件应包含一个带 @....register("名称") 的类及其内嵌的 Config',
    ),
    "config.module_parameter": Message(
        "the parameter `{found}` cannot be read without importing ({reason})",
        "不导入模块就无法读取参数 `{found}`（{reason}）",
        "use int, float, str, bool, Literal, tuple, dict or `X | None`, and a literal default",
        "类型请用 int、float、str、bool、Literal、tuple、dict 或 `X | None`，默认值请用字面量",
    ),
    # --- run, resume
    "config.run_name": Message(
        "`{found}` cannot name a new run: letters, digits, `.`, `_` and `-`; latest and best are taken",
        "`{found}` 不能作为新运行的名称：只能用字母、数字、`.`、`_`、`-`；latest 与 best 另有含义",
        "choose another name, or leave it out",
        "请换一个名称，或省略",
    ),
    "config.resume_name": Message(
        "`{found}` is not a value of resume",
        "`{found}` 不是 resume 的取值",
        "write never, auto, or the name of a run",
        "请写 never、auto 或运行的名称",
    ),
    "config.resume_without_train": Message(
        "resume={found} goes on with a training, and no stage here trains",
        "resume={found} 用于继续训练，但本命令没有训练阶段",
        "add stage=train (or stage=cross_validate)",
        "请加 stage=train（或 stage=cross_validate）",
    ),
    "config.run_and_resume": Message(
        "run={found} names a new run, while resume goes on with an old one",
        "run={found} 命名新运行，而 resume 继续旧运行",
        "leave out one of them",
        "请去掉其中一个",
    ),
    "config.run_in_sweep": Message(
        "run={found} would name every job of the sweep",
        "run={found} 会让搜索的每个作业同名",
        "leave it out: the runs of a sweep are named by the sweep and their number",
        "请去掉：搜索中的运行按搜索名与序号命名",
    ),
    "config.cross_validate_alone": Message(
        "cross_validate makes a run of its own, with a training for each fold; here it is one of several stages: {found}",
        "cross_validate 自成一次运行，每折各训练一次；这里却与其他阶段同列：{found}",
        "give it a command of its own: stage=cross_validate",
        "请单独执行：stage=cross_validate",
    ),
    "config.too_few_folds": Message(
        "folds={found}: one fold is held out, and at least one must be left to train on",
        "folds={found}：留出一折后，至少还要有一折用于训练",
        "folds={allowed} or more",
        "folds 至少为 {allowed}",
    ),
    "config.folds_without_cross_validate": Message(
        "{found} says how folds are cut, and no stage here cuts any",
        "{found} 用于分折，但本命令没有需要分折的阶段",
        "stage=cross_validate does; a split by groups is split.by=group split.group=COLUMN",
        "stage=cross_validate 才会分折；按组划分数据请用 split.by=group split.group=列名",
    ),
    "config.compare_without_test": Message(
        "compare={found} compares test results, and no stage here tests",
        "compare={found} 用于比较测试结果，但本命令没有测试阶段",
        "add stage=test",
        "请加 stage=test",
    ),
    "config.resume_differs": Message(
        "run {run} was trained with {key}={found}, this command says {allowed}; a checkpoint cannot fit both",
        "运行 {run} 训练时 {key}={found}，而本命令为 {allowed}；断点无法同时适配",
        "set it as it was, or start a new run with resume=never",
        "请改回原值，或用 resume=never 新建运行",
    ),
    # --- parts that must fit
    "config.does_not_fit": Message(
        "{kind} `{found}` is for {gives}, but base task {base_task} needs {needs}; {nearest}fitting: {allowed}",
        "{kind} `{found}` 适用于 {gives}，而基础任务 {base_task} 需要 {needs}；{nearest}可用：{allowed}",
        "choose one that fits; `tengjia list {kind} --base {base_task}` tells what each is for",
        "请选择可用的模块；`tengjia list {kind} --base {base_task}` 列出各自的用途",
    ),
    "config.decoder": Message(
        "criterion `{criterion}` fits a decoder {needs}, but model `{model}` has {found}; fitting criteria: {allowed}",
        "损失 `{criterion}` 适用于解码方式 {needs}，而模型 `{model}` 为 {found}；可用的损失：{allowed}",
        "choose another criterion or another model",
        "请更换损失或模型",
    ),
    "config.monitor": Message(
        "evaluator `{evaluator}` gives no metric `{found}`; {nearest}it gives: {allowed}",
        "评测器 `{evaluator}` 不提供指标 `{found}`；{nearest}可用：{allowed}",
        "monitor one of these, or choose another evaluator",
        "请改用其中之一，或更换评测器",
    ),
    "config.monitor_switched_off": Message(
        "`{found}` is given only with {switch}=true",
        "只有 {switch}=true 时才提供 `{found}`",
        "set {switch}=true, or monitor the metric of all",
        "请设 {switch}=true，或改为监控总体指标",
    ),
    "config.reader_missing": Message(
        "dataset `{dataset}` needs a reader, and none is chosen; there are: {allowed}",
        "数据集 `{dataset}` 需要 reader，但未选择；现有：{allowed}",
        "choose one: reader=NAME",
        "请选择：reader=名称",
    ),
    "config.no_file": Message(
        "no file `{found}` in {folder}{nearest:;}",
        "{folder} 中没有文件 `{found}`{nearest:;}",
        "paths are relative to {root}; correct the path, or set {root}",
        "路径相对于 {root}；请更正路径，或设置 {root}",
    ),
    "config.file_unnamed": Message(
        "no file is named, and there is none to fall back on",
        "没有指定文件，也没有可用的默认文件",
        "write {key}=PATH, relative to {root}: {sentence}",
        "请写 {key}=路径（相对于 {root}）。说明（英文）：{sentence}",
    ),
    "config.no_evaluation": Message(
        "callback `{found}` acts on evaluations, and callbacks.evaluation.enabled is false",
        "回调 `{found}` 依赖评测，而 callbacks.evaluation.enabled 为 false",
        "enable evaluation, or disable `{found}`",
        "请启用评测，或停用 `{found}`",
    ),
    "config.encoder_unnamed": Message(
        "this model needs an encoder, and none is named; {folder} holds: {allowed}",
        "该模型需要编码器，但没有指定；{folder} 中现有：{allowed}",
        "write model.encoder=FOLDER tokenizer=wordpiece; the folder of a Hugging Face encoder belongs below bert_model_root",
        "请写 model.encoder=目录 tokenizer=wordpiece；Hugging Face 编码器目录应放在 bert_model_root 下",
    ),
    "config.encoder_empty": Message(
        "the encoder {folder} has no weights (model.safetensors)",
        "编码器 {folder} 中没有权重文件（model.safetensors）",
        "fetch the whole folder; with git, `git lfs pull` brings the large files",
        "请获取完整目录；若用 git 下载，`git lfs pull` 会取回大文件",
    ),
    "config.encoder_pickled": Message(
        "the encoder {folder} has its weights as a pickle only (pytorch_model.bin), which can run code when it is read",
        "编码器 {folder} 的权重只有 pickle 格式（pytorch_model.bin），读取它可能会执行其中的代码",
        "take a version with model.safetensors; if you trust the folder, make it so: "
        'python -c "import sys, transformers; transformers.AutoModel.from_pretrained(sys.argv[1])'
        '.save_pretrained(sys.argv[1])" {folder}',
        "请改用含 model.safetensors 的版本；如果信任该目录，可自行转换："
        'python -c "import sys, transformers; transformers.AutoModel.from_pretrained(sys.argv[1])'
        '.save_pretrained(sys.argv[1])" {folder}',
    ),
    "config.encoder_tokenizer": Message(
        "model `{model}` reads pieces of its encoder's vocabulary, but tokenizer `{tokenizer}` makes one of its own",
        "模型 `{model}` 使用编码器自带的词表，而分词器 `{tokenizer}` 会另建词表",
        "choose tokenizer={allowed}; one of your own that brings the encoder's vocabulary says `brings_vocabulary = True`",
        "请选择 tokenizer={allowed}；自定义分词器若带有编码器的词表，请声明 `brings_vocabulary = True`",
    ),
    "config.encoder_rate": Message(
        "a learning rate of {found} would destroy the pretrained encoder; at most {allowed} makes sense",
        "学习率 {found} 会破坏预训练编码器；不应超过 {allowed}",
        "write optimizer.lr=3e-5 (a base model) to 2e-4 (a small one); the rest learns faster by model.head_rate",
        "请写 optimizer.lr=3e-5（base 规模）至 2e-4（小模型）；未预训练的部分由 model.head_rate 加快学习",
    ),
    "config.no_corpus": Message(
        "the corpus `{dataset}` is not there: no {found} in {folder}",
        "没有语料 `{dataset}`：{folder} 下缺少 {found}",
        "fetch it with `tengjia data get {dataset}`, or let dataset_root name the folder that holds it",
        "请用 `tengjia data get {dataset}` 下载，或把 dataset_root 设为语料所在目录",
    ),
    "config.bad_device": Message(
        "`{found}` is not a device; allowed: auto, cpu, cuda, cuda:N, mps",
        "`{found}` 不是设备名；允许：auto、cpu、cuda、cuda:N、mps",
        "{key}=auto takes a GPU if there is one",
        "{key}=auto 会在有 GPU 时使用 GPU",
    ),
    "config.no_device": Message(
        "device `{found}` is not there: {reason}",
        "没有设备 `{found}`：{reason}",
        "{key}=auto takes what is there; `tengjia doctor` tells what that is",
        "{key}=auto 会使用现有设备；可用 `tengjia doctor` 查看",
    ),
    "config.no_device_macos": Message("it exists on macOS only", "它只存在于 macOS"),
    "config.no_device_build": Message("torch {version} is built for the CPU", "torch {version} 是 CPU 版"),
    "config.no_device_hidden": Message("CUDA_VISIBLE_DEVICES hides all of them", "CUDA_VISIBLE_DEVICES 隐藏了所有 GPU"),
    "config.no_device_driver": Message("this machine shows no driver of a GPU", "本机没有 GPU 驱动的迹象"),
    "config.no_encoder": Message(
        "no encoder folder `{found}` with a config.json in {folder}; {nearest}there are: {allowed}",
        "{folder} 中没有含 config.json 的编码器目录 `{found}`；{nearest}现有：{allowed}",
        "put the folder of a Hugging Face encoder there, or set bert_model_root",
        "请将 Hugging Face 编码器目录放到该处，或设置 bert_model_root",
    ),
}
