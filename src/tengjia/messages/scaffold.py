"""Words of `tengjia startproject, startapp, starttask, startmodule`."""

from tengjia.messages import Message

MESSAGES = {
    "scaffold.of_module": Message("a module", "模块"),
    "scaffold.of_task": Message("a task", "任务"),
    "scaffold.of_app": Message("an application", "应用"),
    "scaffold.not_ascii": Message(
        "`{found}` cannot name {what}: only a to z, digits and `_`",
        "`{found}` 不能作为{what}名：只能用 a 到 z、数字和 `_`",
        "the name becomes a Python package, a folder and a word of the command line; take English or pinyin: resume_ner",
        "名称会成为 Python 包名、文件夹名和命令行中的词；请用英文或拼音，例如 resume_ner、jianli_shibie",
    ),
    "scaffold.reserved": Message(
        "`{found}` cannot name {what}: the word is taken by Python, YAML or the house",
        "`{found}` 不能作为{what}名：它是 Python、YAML 或本框架的保留词",
        "for instance `{example}`",
        "例如 `{example}`",
    ),
    "scaffold.bad_name": Message(
        "`{found}` cannot name {what}: small letters, digits and `_`, a letter first, at most 40",
        "`{found}` 不能作为{what}名：只能用小写字母、数字和 `_`，以字母开头，至多 40 个字符",
        "for instance `{example}`",
        "例如 `{example}`",
    ),
    "scaffold.exists": Message(
        "`{found}` is there already; nothing was written",
        "`{found}` 已存在；没有写入任何文件",
        "choose another name, or move what is there out of the way: nothing is ever overwritten",
        "请换一个名称，或先移走已有文件：从不覆盖任何文件",
    ),
    "scaffold.taken": Message(
        "there is a {kind} `{found}` already ({owner})",
        "已有名为 `{found}` 的 {kind}（{owner}）",
        "choose another name; to change the one that is there: tengjia copy {kind}/{found}",
        "请换一个名称；若要修改已有的：tengjia copy {kind}/{found}",
    ),
    "scaffold.file_for_folder": Message(
        "`{found}` is a file; a folder of that name is needed",
        "`{found}` 是文件；此处需要同名文件夹",
        "choose another name, or move the file out of the way",
        "请换一个名称，或先移走该文件",
    ),
    "scaffold.unwritable": Message(
        "the file cannot be written: {reason}; what had been written was removed",
        "无法写入该文件：{reason}；此前写入的文件已删除",
        "look at the rights of the folder and the room on the disk",
        "请检查文件夹权限与磁盘空间",
    ),
    "scaffold.would_write": Message("would write {file}", "将写入 {file}"),
    "scaffold.wrote": Message("wrote {file}", "已写入 {file}"),
    "scaffold.no_app": Message(
        "no application `{found}`; {nearest}there are: {allowed}",
        "没有应用 `{found}`；{nearest}现有：{allowed}",
        "for a new one: tengjia startapp {found}",
        "新建应用：tengjia startapp {found}",
    ),
    "scaffold.no_task": Message(
        "no task `{found}` to copy; {nearest}there are: {allowed}",
        "没有可复制的任务 `{found}`；{nearest}现有：{allowed}",
        "name one of them, or begin on a base task: --base sequence_labeling",
        "请写出其中之一，或基于基础任务新建：--base sequence_labeling",
    ),
    "scaffold.several_tasks": Message(
        "several applications have a task `{found}`: {allowed}",
        "多个应用都有任务 `{found}`：{allowed}",
        "say which one: --like APP/{found}",
        "请指明是哪一个：--like 应用/{found}",
    ),
    "scaffold.no_base": Message(
        "no template for a base task `{found}`; {nearest}there are: {allowed}",
        "没有基础任务 `{found}` 的模板；{nearest}现有：{allowed}",
        "begin like a task that is there: --like TASK",
        "也可仿照已有任务：--like 任务名",
    ),
    "scaffold.no_text": Message(
        "`{found}` is no text, and is not copied; nothing was written",
        "`{found}` 不是文本，无法复制；没有写入任何文件",
        "a task folder holds code and configs; keep data below resources/",
        "任务文件夹只放代码与配置；数据请放在 resources/ 下",
    ),
    "scaffold.next_task": Message(
        "what to fill in stands in the comments of its YAML files; check, train and test it:\n"
        "    tengjia check {app} {task}\n"
        '    python run_modeling.py app={app} task={task} "stage=[preprocess,train,test]"\n'
        "    python -m pytest src/tests/applications/{app}/test_{task}.py",
        "需要填写的内容见其 YAML 文件的注释；检查、训练与测试：\n"
        "    tengjia check {app} {task}\n"
        '    python run_modeling.py app={app} task={task} "stage=[preprocess,train,test]"\n'
        "    python -m pytest src/tests/applications/{app}/test_{task}.py",
    ),
    "scaffold.next_project": Message(
        "its README tells what is where; train on the sample and test:\n"
        '    cd {folder} && python run_modeling.py "stage=[preprocess,train,test]"\n'
        "    python -m pytest",
        "各部分的位置见其 README；在样本上训练并测试：\n"
        '    cd {folder} && python run_modeling.py "stage=[preprocess,train,test]"\n'
        "    python -m pytest",
    ),
    "scaffold.next_module": Message(
        "fill in what its comments say; look at it and test it:\n    tengjia show {kind}/{name}\n    python -m pytest {test}",
        "请按文件中的注释填写；查看与测试：\n    tengjia show {kind}/{name}\n    python -m pytest {test}",
    ),
}
