"""Words about models, criteria, optimizers and schedules."""

from tengjia.messages import Message

MESSAGES = {
    "model.mask_not_right_padded": Message(
        "the mask of row {row} of a batch is not right-padded (or not bool: {found})",
        "批次中第 {row} 行的掩码不是右侧填充的（或不是 bool 类型：{found}）",
        "a mask is true for the first n units of each sequence and false after them; check the collate function",
        "掩码应在每条序列的前 n 个单元为真、其后为假；请检查组批函数",
    ),
    "model.crf_second_derivative": Message(
        "the CRF makes its gradient in the forward pass, so it has no second derivative",
        "CRF 的梯度在前向过程中算好，因此不支持二阶导数",
        "call backward() or grad() without create_graph=True",
        "请在调用 backward() 或 grad() 时不要使用 create_graph=True",
    ),
    "model.freeze_fits_nothing": Message(
        "`{found}` in model.freeze fits no parameter of the model (parts: {allowed}); nearest: {nearest}",
        "model.freeze 中的 `{found}` 与模型的任何参数都不匹配（组成部分：{allowed}）；最接近的：{nearest}",
        "give the beginning of a parameter's name (embedding, lstm.forwards.0) or a pattern (*.bias)",
        "请给出参数名的开头（embedding、lstm.forwards.0）或通配模式（*.bias）",
    ),
    "model.nothing_learns": Message(
        "every parameter of the model is frozen, so nothing can be learnt",
        "模型的所有参数都已冻结，没有可训练的参数",
        "take something out of model.freeze",
        "请从 model.freeze 中去掉一些部分",
    ),
    "model.criterion_does_not_fit": Message(
        "the criterion {criterion} is made for models that decode by `{found}`, but {model} decodes by `{allowed}`",
        "损失函数 {criterion} 适用于以 `{found}` 解码的模型，而 {model} 以 `{allowed}` 解码",
        "use criterion=crf with the *_crf models, and cross_entropy, focal or dice with the others",
        "*_crf 模型请用 criterion=crf，其余模型请用 cross_entropy、focal 或 dice",
    ),
}
