"""The text of `--help`: from file names alone, so that it comes at once."""

from __future__ import annotations

from pathlib import Path

from tengjia.messages import language
from tengjia.registry import REGISTRIES, Scope, set_scope

_ENGLISH = """\
Run stages of a task.

  python run_modeling.py task=TASK stage=STAGE [KEY=VALUE ...]

  stage=train                        preprocess if needed, train, keep the best
  stage=test [run=latest|best|ID]    score a run, write a report
  stage=cross_validate [folds=5]     train and test on one fold after the other (group=COLUMN keeps groups together)
  stage=apply [apply.text=TEXT]      use a run: at a prompt, one text, or a file
  stage=[preprocess,train,test]      several, one after the other
  model=NAME optimizer.lr=3e-5       choose any module, set any parameter
  -m optimizer.lr=1e-3,3e-3          a sweep: one job for each combination (sweep=latest goes on with a stopped one)
  resume=auto                        go on with the newest training (or cross-validation) that was not finished

  --cfg job       show the config, run nothing      explain=KEY    say where a value comes from
  --info          what Hydra did to compose it      --debug        show tracebacks
  -sc install=bash|zsh|fish                         completion by the Tab key

Tasks: {tasks}
"""
_CHINESE = """\
运行任务的各个阶段。

  python run_modeling.py task=任务 stage=阶段 [键=值 ...]

  stage=train                        训练（需要时先预处理），保留最佳模型
  stage=test [run=latest|best|ID]    评测一次运行并写出报告
  stage=cross_validate [folds=5]     交叉验证：逐折训练并评测（group=列名 使同组样本不分开）
  stage=apply [apply.text=文本]      使用模型：交互输入、单条文本或文件
  stage=[preprocess,train,test]      依次运行多个阶段
  model=名称 optimizer.lr=3e-5       选择任意模块，设置任意参数
  -m optimizer.lr=1e-3,3e-3          超参搜索：每种组合一个作业（sweep=latest 可续跑中断的搜索）
  resume=auto                        续跑最近一次未完成的训练（或交叉验证）

  --cfg job       只显示配置，不运行                explain=KEY    说明某个值来自哪里
  --info          显示 Hydra 的组合过程             --debug        显示完整的错误堆栈
  -sc install=bash|zsh|fish                         安装 Tab 键补全

任务：{tasks}
"""


def help_text(root: Path) -> str:
    """How to use the command, with the tasks and modules of this project, in the user's language."""
    set_scope(Scope(root))
    folders = sorted((root / "src" / "applications").glob("*/tasks/*/config_task_*.yaml"))
    names = dict.fromkeys(f"{file.parents[2].name}/{file.parent.name}" for file in folders)
    lines = [(_CHINESE if language() == "zh" else _ENGLISH).format(tasks=", ".join(names) or "-")]
    for kind, registry in REGISTRIES.items():
        lines.append(f"  {kind:<11} {' '.join(registry.entries()) or '-'}")
    return "\n".join(lines)
