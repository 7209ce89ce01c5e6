"""Words about training."""

from tengjia.messages import Message

MESSAGES = {
    "trainer.fold_begins": Message("fold {fold} of {folds}", "第 {fold} 折，共 {folds} 折"),
    "trainer.folds_finished": Message(
        "{count} of {folds} folds are finished and kept.", "{folds} 折中已有 {count} 折完成并保留。"
    ),
    "trainer.fold_of_other_data": Message(
        "fold {fold} was finished with another corpus, or another way to read it: it is done anew",
        "第 {fold} 折是用另一语料或另一读取方式完成的，现重新进行",
    ),
    "trainer.no_device": Message(
        "device `{found}` is not there; this machine has: {allowed}",
        "没有设备 `{found}`；本机可用：{allowed}",
        "choose one of them: trainer.device=auto",
        "请从中选择：trainer.device=auto",
    ),
    "trainer.cannot_compile": Message(
        "the model could not be compiled here: {reason}",
        "模型无法在此编译：{reason}",
        "torch.compile needs a C++ compiler (g++) on a CPU, and Triton on a GPU; trainer.compile=false trains without it",
        "torch.compile 在 CPU 上需要 C++ 编译器（g++），在 GPU 上需要 Triton；设 trainer.compile=false 即可不编译直接训练",
    ),
    "trainer.half_on_cpu": Message(
        "fp16 on a CPU is emulated, and often more than ten times slower than float32; bf16 is what CPUs compute fast",
        "CPU 上的 fp16 是模拟运算，往往比 float32 慢十倍以上；CPU 上应使用 bf16",
    ),
    "trainer.bad_number": Message(
        "{found} makes no sense here; allowed: {allowed}",
        "此处不能是 {found}；允许：{allowed}",
        "set {key} to a number in that range",
        "请把 {key} 设为该范围内的数",
    ),
    "trainer.log_step": Message("step {step}  loss {loss}  rate {rate}", "第 {step} 步  损失 {loss}  学习率 {rate}"),
    "trainer.log_evaluation": Message("evaluation after step {step}  {scores}", "第 {step} 步后评测  {scores}"),
    "trainer.log_best": Message("(best so far)", "（目前最佳）"),
    "trainer.log_epoch": Message(
        "epoch {epoch}  loss {loss}  {speed} units/s", "第 {epoch} 轮  损失 {loss}  每秒 {speed} 个单位"
    ),
    "trainer.log_sample": Message(
        "{text}\n    gold       {gold}\n    predicted  {predicted}", "{text}\n    标注  {gold}\n    预测  {predicted}"
    ),
    "trainer.no_data": Message(
        "there is not one training example",
        "训练集中没有任何样本",
        "check dataset.train and the rejects file of the preprocess stage",
        "请检查 dataset.train，以及预处理阶段的拒收文件",
    ),
    "trainer.short_epoch": Message(
        "an epoch ended after {found} steps; {allowed} were announced",
        "一轮训练在第 {found} 步结束，而预告为 {allowed} 步",
        "the data object must give steps_in_epoch() steps for every epoch",
        "数据对象每轮给出的步数必须等于 steps_in_epoch()",
    ),
    "trainer.not_finite": Message(
        "{found} at step {step} of epoch {epoch} (learning rate {rate}; loss of the step before: {last})",
        "第 {epoch} 轮第 {step} 步出现 {found}（学习率 {rate}；前一步损失：{last}）",
        "lower optimizer.lr, lengthen schedule.warmup, or set trainer.clip_norm; checkpoints before this step are good",
        "请调低 optimizer.lr、加长 schedule.warmup 或设置 trainer.clip_norm；此步之前的检查点均可用",
    ),
    "trainer.weights_not_finite": Message(
        "weight `{name}` holds values that are no numbers after step {step}; this checkpoint is not written",
        "第 {step} 步之后权重 `{name}` 含有非数值；此检查点不予保存",
        "lower optimizer.lr or set trainer.clip_norm, then resume from the checkpoint before",
        "请调低 optimizer.lr 或设置 trainer.clip_norm，再从之前的检查点继续",
    ),
    "trainer.diverging": Message(
        "training diverges: mean loss {now} over the last 50 steps, {before} over the first 50 (step {step}, rate {rate})",
        "训练发散：最近 50 步平均损失 {now}，最初 50 步为 {before}（第 {step} 步，学习率 {rate}）",
        "lower optimizer.lr or lengthen schedule.warmup; trainer.divergence_factor=0 never stops",
        "请调低 optimizer.lr 或加长 schedule.warmup；trainer.divergence_factor=0 表示从不因此停止",
    ),
    "trainer.no_evaluator": Message(
        "`{part}` cannot be evaluated: there is no evaluator",
        "无法评估 `{part}`：没有评估器",
        "choose one (evaluator=entity_f1), or set callbacks.evaluation.enabled=false",
        "请选择评估器（evaluator=entity_f1），或设置 callbacks.evaluation.enabled=false",
    ),
    "trainer.nothing_to_evaluate": Message(
        "the part `{part}` holds no labelled example to evaluate",
        "`{part}` 部分没有可评估的带标签样本",
        "give a development file (dataset.development), or set callbacks.evaluation.enabled=false",
        "请提供开发集（dataset.development），或设置 callbacks.evaluation.enabled=false",
    ),
    "trainer.unknown_metric": Message(
        "the evaluation gives no `{found}` to monitor; it gives: {allowed}",
        "评估结果中没有可监控的 `{found}`；有：{allowed}",
        "set trainer.monitor to one of them (nearest: {nearest})",
        "请把 trainer.monitor 设为其中之一（最接近：{nearest}）",
    ),
    "trainer.resumed": Message(
        "resumed from {name}: epoch {epoch}, {step} steps done",
        "从 {name} 继续：第 {epoch} 轮，已完成 {step} 步",
    ),
    "trainer.environment_changed": Message(
        "{name} was {before} when the checkpoint was written and is {now}: the last bits of the result may differ",
        "写检查点时 {name} 为 {before}，现为 {now}：结果的末几位可能不同",
    ),
    "trainer.callback_failed": Message(
        "callback {name} failed in {hook} and is switched off: {reason}",
        "回调 {name} 在 {hook} 中出错，已停用：{reason}",
    ),
    "trainer.observer_failed": Message(
        "{name} failed in {hook}: {reason}; training goes on, further failures are not told",
        "{name} 在 {hook} 中出错：{reason}；训练继续，之后的错误不再提示",
    ),
    "trainer.observer_late": Message(
        "{name} did not keep up: {count} events were not told",
        "{name} 未能跟上：有 {count} 个事件未送出",
    ),
    "trainer.rank_lost": Message(
        "rank {rank}: another process of this training is gone ({reason})",
        "进程 {rank}：本次训练的另一个进程已退出（{reason}）",
        "look for the first error of the other processes, then start the same command with resume=auto",
        "请查看其他进程最早的错误，然后用同一命令加 resume=auto 继续",
    ),
    "trainer.saved": Message(
        "everything needed to go on is in {file}",
        "继续训练所需的内容已全部保存在 {file}",
    ),
    "trainer.not_saved": Message(
        "nothing was saved, because callbacks.checkpoint.enabled=false",
        "未保存任何内容，因为 callbacks.checkpoint.enabled=false",
    ),
    "trainer.nothing_qualified": Message(
        "no evaluation met the thresholds (loss at most {loss}, {monitor} at least as good as {metric}): nothing is saved "
        "as best; best seen: {seen}",
        "没有任何一次评估达到阈值（损失不高于 {loss}，{monitor} 不差于 {metric}）：不保存最佳模型；见过的最好值：{seen}",
        "train longer, or loosen callbacks.evaluation.loss_threshold and metric_threshold",
        "请延长训练，或放宽 callbacks.evaluation.loss_threshold 与 metric_threshold",
    ),
    "trainer.stopped_early": Message(
        "{monitor} has not improved for {count} evaluations",
        "{monitor} 已连续 {count} 次评估没有提升",
    ),
    "trainer.no_embedding": Message(
        "no trained parameter has a name that contains `{found}`; there are: {allowed}",
        "没有名称包含 `{found}` 的可训练参数；现有：{allowed}",
        "set callbacks.adversarial.parameter to a part of the name of an embedding",
        "请把 callbacks.adversarial.parameter 设为词向量参数名的一部分",
    ),
    "trainer.busy_machine": Message(
        "other programs keep this machine busy (load {load} on {cores} cores), and training computes with {threads} "
        "threads: threads that wait for one another lose their turns, which can take many times as long as one thread",
        "本机正忙于其他程序（{cores} 个核心，负载 {load}），而训练使用 {threads} 个线程：线程互相等待会丢掉时间片，"
        "可能比单线程慢许多倍",
        "set trainer.threads=1 while the machine is shared",
        "与他人共用机器时，请设置 trainer.threads=1",
    ),
    "trainer.proof_whole": Message(
        "without a stop, {steps} steps: weights {hash}",
        "不中断，{steps} 步：权重 {hash}",
    ),
    "trainer.proof_point": Message(
        "stopped after step {step} (and {micro} micro-batches), resumed: weights {hash}, differences: {found}",
        "在第 {step} 步（又 {micro} 个微批）后中断并继续：权重 {hash}，差异：{found}",
    ),
    "trainer.proof_holds": Message(
        "proven: stopped at {points} places and resumed, training ends in the same bits every time",
        "已证明：在 {points} 处中断后继续，每次训练都得到完全相同的结果",
    ),
    "trainer.not_reproduced": Message(
        "training resumed at step {step} ends in other {what} than training without a stop",
        "在第 {step} 步中断后继续训练，得到的 {what} 与不中断训练不同",
        "look for randomness that does not come from (seed, epoch, step), or state that no callback saves",
        "请检查不由 (seed, epoch, step) 决定的随机性，或没有被任何回调保存的状态",
    ),
}
