"""Words of the pytest plugin: promises that are not kept."""

from tengjia.messages import Message

MESSAGES = {
    # --- every kind
    "testing.no_words": Message(
        "{file}: `{found}` has no docstring",
        "{file}：`{found}` 没有文档字符串",
        "`tengjia list` and `tengjia show` tell its first sentence",
        "`tengjia list` 与 `tengjia show` 会显示其首句",
    ),
    "testing.no_sentence": Message(
        "{file}:{line}: no sentence stands under the parameter `{found}`",
        "{file}:{line}：参数 `{found}` 下没有说明",
        "write a docstring under the field: it is told to whoever sets it wrong",
        "请在该字段下写一句文档字符串：有人设错时会显示它",
    ),
    "testing.no_default": Message(
        "{file}:{line}: the parameter `{found}` has no default",
        "{file}:{line}：参数 `{found}` 没有默认值",
        "give it one, or give the test a value: @pytest.mark.tengjia_module(..., {found}=...)",
        "请给出默认值，或在测试中给值：@pytest.mark.tengjia_module(..., {found}=...)",
    ),
    "testing.not_saved": Message(
        "`{found}`: what was saved and loaded is not what it was",
        "`{found}`：保存再加载后与原来不同",
        "everything that changes must be in the state that it gives away",
        "凡会变化的内容都必须包含在它交出的状态里",
    ),
    "testing.no_json": Message(
        "`{name}`: its state is not JSON: {found}",
        "`{name}`：其状态不是 JSON：{found}",
        "numbers, strings, lists and dictionaries with string keys; tensors of a callback belong into `tensors()`",
        "只能是数、字符串、列表和以字符串为键的字典；回调的张量放在 `tensors()` 里",
    ),
    "testing.no_sample": Message(
        "`{found}` cannot be tested without files to read",
        "没有可读的文件，无法测试 `{found}`",
        'give some: @pytest.mark.tengjia_module(..., sample={{"a.txt": "..."}})',
        '请给出：@pytest.mark.tengjia_module(..., sample={{"a.txt": "..."}})',
    ),
    "testing.not_the_same": Message(
        "the second time something else came out: {found!r}",
        "第二次的结果不同：{found!r}",
        "the result may depend on the input and the config only",
        "结果只能取决于输入与配置",
    ),
    "testing.padding_matters": Message(
        "`{found}`: what stands in the padding changes the result",
        "`{found}`：填充处的内容影响了结果",
        "use `batch.mask`: set padding to 0 before a convolution, leave it out of means, sums and attention",
        "请用 `batch.mask`：卷积前把填充置 0，求均值、求和与注意力时排除填充",
    ),
    "testing.not_finite": Message("`{found}` gave a number that is not finite", "`{found}` 得出了非有限的数"),
    # --- training
    "testing.not_learnt": Message(
        "`{found}`: after {steps} steps on one batch only {accuracy} of its tags are right",
        "`{found}`：在一个批次上训练 {steps} 步后只有 {accuracy} 的标签正确",
        "do gradients reach every weight? is something switched off (dropout near 1, a ReLU before the scores)?",
        "梯度是否到达每个权重？是否有部分被关掉（dropout 接近 1、打分前有 ReLU）？",
    ),
    "testing.loss_stays": Message(
        "`{found}`: the loss was {first} and is {last} after {steps} steps",
        "`{found}`：损失原为 {first}，{steps} 步后为 {last}",
        "look at the sign of the update, the default rate, and what `step` does with the gradients",
        "请检查更新的符号、默认学习率，以及 `step` 如何使用梯度",
    ),
    "testing.not_resumed": Message(
        "`{found}`: stopped at step {step} and resumed, training ended in another {what}",
        "`{found}`：在第 {step} 步停止并恢复后，训练结束时的{what}不同",
        "keep all state in `state_dict` (weights, optimizer, schedule, callback), and draw random numbers from torch only",
        "状态都要放进 `state_dict`（权重、优化器、调度、回调），随机数只从 torch 取",
    ),
    "testing.no_decoder": Message(
        "`{found}`: decoder = {decoder!r} is none of {allowed}",
        "`{found}`：decoder = {decoder!r} 不在 {allowed} 之中",
        'a class attribute says it: decoder = "softmax"',
        '由类属性说明：decoder = "softmax"',
    ),
    "testing.no_measures": Message(
        "`{found}` says that it measures `{measures}`; evaluators can be tried that measure {allowed}",
        "`{found}` 声明其 measures 为 `{measures}`；可检验的有 {allowed}",
        "the class attribute `measures` says what `update` is given (`tengjia.contracts.Evaluator`)",
        "类属性 `measures` 说明 `update` 会收到什么（见 `tengjia.contracts.Evaluator`）",
    ),
    "testing.wrong_shape": Message(
        "scores of shape {found}; [texts, units, tags] would be {allowed}",
        "得分的形状为 {found}；[文本, 单元, 标签] 应为 {allowed}",
        "one score for each tag of each unit; `at_units(scores, batch.units)` picks the pieces that carry a label",
        "每个单元的每个标签一个得分；`at_units(scores, batch.units)` 选出带标签的词元",
    ),
    "testing.tags_of_padding": Message(
        "`{found}`: `decode` gives tags [texts, units], 0 where no unit is",
        "`{found}`：`decode` 应给出 [文本, 单元] 的标签，无单元处为 0",
    ),
    "testing.no_probabilities": Message(
        "`{found}`: probabilities of a unit must sum to 1, and be 0 where no unit is",
        "`{found}`：每个单元的概率之和须为 1，无单元处为 0",
    ),
    "testing.no_gradient": Message(
        "`{found}`: no gradient reaches the model",
        "`{found}`：没有梯度传到模型",
        "is something detached?",
        "是否有 detach？",
    ),
    "testing.not_a_sum": Message(
        "`{name}`: the loss of four texts together is {found}, the sum of their losses {allowed}",
        "`{name}`：四条文本一起的损失为 {found}，各自损失之和为 {allowed}",
        "sum over the units where `mask` is true; the trainer divides",
        "对 `mask` 为真的单元求和；由训练器做除法",
    ),
    "testing.no_rate": Message(
        "groups of the optimizer without a rate above 0: {found}",
        "优化器的参数组没有大于 0 的学习率：{found}",
        "hand `lr=config.lr` to the base class",
        "请把 `lr=config.lr` 交给基类",
    ),
    "testing.no_first_factor": Message(
        "`{found}`: the first step would learn nothing", "`{found}`：第一步的系数为 0，学不到东西"
    ),
    "testing.bad_factor": Message("factor {found} at step {step}", "第 {step} 步的系数为 {found}"),
    "testing.no_method": Message("`{found}` has no method `{method}`", "`{found}` 没有方法 `{method}`"),
    "testing.wrong_steps": Message(
        "{found} steps were done, the budget is {allowed}", "做了 {found} 步，预算为 {allowed}"
    ),
    "testing.no_switch": Message(
        "`{found}`: the `Config` of a callback begins with `enabled: bool`",
        "`{found}`：回调的 `Config` 以 `enabled: bool` 开头",
    ),
    "testing.no_callback": Message(
        "`{found}` is no subclass of tengjia.training.callback.Callback",
        "`{found}` 不是 tengjia.training.callback.Callback 的子类",
    ),
    "testing.switched_off": Message("`{found}` failed in training: {reason}", "`{found}` 在训练中出错：{reason}"),
    # --- scores
    "testing.no_metrics": Message(
        "the class attribute metrics is {found!r}",
        "类属性 metrics 为 {found!r}",
        'a literal class attribute names each with its direction: metrics = {{"my_score": "max"}}',
        '由字面量类属性说明每个指标及其方向：metrics = {{"my_score": "max"}}',
    ),
    "testing.metric_missing": Message("`compute` does not give `{found}`", "`compute` 没有给出 `{found}`"),
    "testing.metric_blind": Message(
        "`{found}` ({direction}) is {right} when all is right and {wrong} when all is wrong",
        "`{found}`（{direction}）在全对时为 {right}，全错时为 {wrong}",
    ),
    "testing.not_float64": Message(
        "`statistics` gives {found}, not torch.float64", "`statistics` 给出 {found}，而非 torch.float64"
    ),
    "testing.halves_differ": Message(
        "`{found}`: the statistics of two halves, summed, give other scores than the whole",
        "`{found}`：两半的统计量相加后得分与整体不同",
        "`statistics` holds counts, `compute` divides them; no averages of averages",
        "`statistics` 只存计数，由 `compute` 做除法；不要对平均值再求平均",
    ),
    "testing.not_reset": Message("`{found}`: counts are left after `reset`", "`{found}`：`reset` 后仍有计数"),
    "testing.no_parameter": Message(
        "`{name}` has no parameter `{found}`, which the stage `test` asks for",
        "`{name}` 没有 `test` 阶段所需的参数 `{found}`",
    ),
    "testing.wrong_answers": Message(
        "`{found}` does not give one answer to each text, in order", "`{found}` 没有按顺序给出每条文本的答案"
    ),
    # --- text
    "testing.no_pieces": Message("no piece of {found!r}", "{found!r} 没有切出任何词元"),
    "testing.unequal_pieces": Message(
        "pieces, starts and ends of unequal number: {found!r}", "词元、起点与终点的数量不一致：{found!r}"
    ),
    "testing.bad_place": Message(
        "a piece at {start}–{end} of {text!r} is empty, outside of it, or overlaps the next",
        "{text!r} 中位于 {start}–{end} 的词元为空、越界或与下一个重叠",
    ),
    "testing.no_vectors": Message("no words in {found}", "{found} 中没有词"),
    "testing.wrong_rows": Message(
        "`load` gives one float32 row for each piece, not {found}", "`load` 应为每个词元给出一行 float32，而非 {found}"
    ),
    "testing.unknown_word": Message(
        "words of the file have a row, an unknown one has NaN; found: {found}",
        "文件中的词应有向量，未知词为 NaN；实得：{found}",
    ),
    "testing.no_coverage": Message(
        "after `load`, `coverage` tells who got a vector; found: {found}",
        "`load` 之后 `coverage` 应说明覆盖情况；实得：{found}",
    ),
    # --- corpora
    "testing.rejected": Message("rows of {file} were set aside: {found}", "{file} 中有行被拒收：{found}"),
    "testing.no_examples": Message("{found} gave no examples", "{found} 没有得出样例"),
    "testing.no_place": Message(
        "{file}: an example at line {line} has no text or no line number",
        "{file}：第 {line} 行的样例没有文本或没有行号",
    ),
    "testing.bad_span": Message(
        "{file}:{line}: the span {found} is empty, has no type, or lies outside the text",
        "{file}:{line}：片段 {found} 为空、没有类型或越出文本",
    ),
    "testing.spans_overlap": Message(
        "{file}:{line}: spans are not in order, or overlap: {found}", "{file}:{line}：片段未排序或有重叠：{found}"
    ),
    "testing.not_told": Message(
        "`{name}`: the bad file `{file}` ended in {found}",
        "`{name}`：坏文件 `{file}` 导致 {found}",
        "catch what a row can do wrong and hand it to `rejects.add`, or raise a DataError",
        "请捕获行中可能的错误并交给 `rejects.add`，或抛出 DataError",
    ),
    "testing.unknown_parts": Message(
        "parts are train, development and test; found: {found}", "各部分只能是 train、development、test；实得：{found}"
    ),
    "testing.no_training_part": Message("`{found}` has no training part", "`{found}` 没有训练部分"),
    "testing.missing_files": Message("files that are not there: {found}", "文件不存在：{found}"),
    "testing.in_two_parts": Message(
        "{file}:{line} stands in {part} and in {other}", "{file}:{line} 同时出现在 {part} 与 {other} 中"
    ),
    # --- tasks
    "testing.mistakes": Message(
        "{app}/{task} has mistakes:\n{found}",
        "{app}/{task} 有错误：\n{found}",
        "`tengjia check {app} {task}` tells them too",
        "`tengjia check {app} {task}` 也会列出",
    ),
    "testing.stage_failed": Message(
        "`run_modeling.py {words}` ended with code {exit_code}:\n{found}",
        "`run_modeling.py {words}` 以退出码 {exit_code} 结束：\n{found}",
    ),
    "testing.no_project": Message(
        "{found} stands in no project: no folder above it holds config_project.yaml",
        "{found} 不在任何项目中：其上级目录均没有 config_project.yaml",
    ),
}
