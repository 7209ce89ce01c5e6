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
    "model.heads": Message(
        "model.hidden_size = {hidden_size} cannot be shared evenly among {found} heads",
        "model.hidden_size = {hidden_size} 不能被 {found} 个注意力头整除",
        "make model.hidden_size a multiple of model.heads",
        "请把 model.hidden_size 设为 model.heads 的整数倍",
    ),
    "model.criterion_does_not_fit": Message(
        "the criterion {criterion} is made for models that decode by `{found}`, but {model} decodes by `{allowed}`",
        "损失函数 {criterion} 适用于以 `{found}` 解码的模型，而 {model} 以 `{allowed}` 解码",
        "use criterion=crf with the *_crf models, and cross_entropy, focal or dice with the others",
        "*_crf 模型请用 criterion=crf，其余模型请用 cross_entropy、focal 或 dice",
    ),
    "model.no_classes_to_weigh": Message(
        "the model {model} does not tell its classes, so they cannot be weighed",
        "模型 {model} 没有给出它的类别，因此无法按类别加权",
        "set criterion.class_weights=none and no criterion.weight_of, or give the model an attribute `labels`",
        "请设置 criterion.class_weights=none 并去掉 criterion.weight_of，或为模型加上属性 `labels`",
    ),
    "model.no_class_counts": Message(
        "class_weights={found} needs to know how often each class occurs, and these were not counted",
        "class_weights={found} 需要知道各类别出现的次数，而这里没有统计",
        "give the weights by name instead: criterion.weight_of={{NAME: 2.0}}",
        "请改为按名称给出权重：criterion.weight_of={{NAME: 2.0}}",
    ),
    "model.unknown_class_weight": Message(
        "criterion.weight_of names `{found}`, which is no class of the model; nearest: {nearest} (known: {allowed})",
        "criterion.weight_of 中的 `{found}` 不是模型的类别；最接近的：{nearest}（已知：{allowed}）",
        "write the class exactly as the training part does",
        "请按训练集中的写法给出类别名",
    ),
    "model.negative_class_weight": Message(
        "the weight of the class {name} is {found}, below 0",
        "类别 {name} 的权重为 {found}，小于 0",
        "give 0 to leave a class out, below 1 to make it count less, above 1 to make it count more",
        "权重为 0 表示不计入，小于 1 表示减弱，大于 1 表示加强",
    ),
    "model.criterion_for_other_answers": Message(
        "the criterion {criterion} is made for {found} a text, but the corpus has {allowed} a text",
        "损失函数 {criterion} 适用于每个文本有 {found} 个类别的情形，而语料中每个文本有 {allowed} 个类别",
        "use binary_cross_entropy, focal or dice where a text has several classes (encoding.separator), else cross_entropy",
        "每个文本有多个类别时（encoding.separator）请用 binary_cross_entropy、focal 或 dice，否则用 cross_entropy",
    ),
    "model.rate_too_high": Message(
        "a learning rate of {found} would destroy the pretrained encoder; at most {allowed} makes sense",
        "学习率 {found} 会破坏预训练编码器；不应超过 {allowed}",
        "set optimizer.lr=3e-5 or so; what is not pretrained learns faster by model.head_rate",
        "请设置 optimizer.lr=3e-5 左右；未预训练的部分由 model.head_rate 加快学习",
    ),
    "model.no_filters": Message(
        "model.widths = {found}: a bank of filters must see at least one piece",
        "model.widths = {found}：每组卷积核至少要覆盖一个词片",
        "give one number or more, each at least 1: model.widths=[2,3,4]",
        "请给出一个或多个不小于 1 的数：model.widths=[2,3,4]",
    ),
    "model.no_encoder": Message(
        "this model needs a pretrained encoder, but none was chosen",
        "该模型需要预训练编码器，但没有选择任何编码器",
        "set model.encoder to the folder of an encoder below bert_model_root, and tokenizer=wordpiece to its vocabulary",
        "请把 model.encoder 设为 bert_model_root 下的编码器目录，并用 tokenizer=wordpiece 读取其词表",
    ),
    "model.encoder_missing": Message(
        "there is no encoder in {found}: it has no config.json",
        "{found} 中没有编码器：缺少 config.json",
        "put the Hugging Face folder of an encoder (config.json, model.safetensors, vocabulary) there",
        "请把 Hugging Face 编码器目录（config.json、model.safetensors、词表）放到该处",
    ),
    "model.writes_nothing": Message(
        "the folder {file} holds a model of type {found}, which has no decoder and so writes nothing",
        "目录 {file} 中的模型类型为 {found}，它没有解码器，无法生成文本",
        "use the folder of an encoder-decoder (Marian, BART, T5, mT5)",
        "请使用编码器-解码器模型的目录（Marian、BART、T5、mT5）",
    ),
    "model.too_long_target": Message(
        "a text of {found} pieces is longer than the decoder writes: at most {allowed}",
        "长度为 {found} 个词元的文本超出了解码器的上限 {allowed}",
        "lower encoding.maximum_length, encoding.target_maximum_length or generation.maximum_length",
        "请减小 encoding.maximum_length、encoding.target_maximum_length 或 generation.maximum_length",
    ),
    "model.encoder_unusable": Message(
        "the encoder cannot be loaded: {found}",
        "无法加载编码器：{found}",
        "only encoders that transformers knows itself are used, and only weights in safetensors (model.safetensors)",
        "只支持 transformers 自带的编码器结构，且权重必须是 safetensors 格式（model.safetensors）",
    ),
    "model.not_an_encoder": Message(
        "the folder holds a model of kind `{found}`, an encoder with a decoder; only encoders give each piece a vector",
        "该目录中的模型属于 `{found}`，是编码器加解码器的结构；只有纯编码器才能为每个词片给出向量",
        "choose an encoder: BERT, RoBERTa, ELECTRA, DeBERTa, MiniLM, ERNIE and the like",
        "请选择编码器模型：BERT、RoBERTa、ELECTRA、DeBERTa、MiniLM、ERNIE 等",
    ),
    "model.encoder_other_shapes": Message(
        "tensor {name} of the encoder is {found}, but its config.json asks for {allowed}",
        "编码器的张量 {name} 形状为 {found}，而其 config.json 要求 {allowed}",
        "config.json and model.safetensors must be of the same model; fetch the folder anew",
        "config.json 与 model.safetensors 必须属于同一个模型；请重新获取该目录",
    ),
    "model.encoder_incomplete": Message(
        "the weights of the encoder lack {count} tensors that its config.json asks for: {found}",
        "编码器权重缺少 config.json 要求的 {count} 个张量：{found}",
        "config.json and model.safetensors must be of the same model; fetch the folder anew",
        "config.json 与 model.safetensors 必须属于同一个模型；请重新获取该目录",
    ),
    "model.tokenizer_does_not_fit": Message(
        "the tokenizer has {found} pieces, but the encoder knows only {allowed}",
        "分词器有 {found} 个词片，而编码器只认识 {allowed} 个",
        "take the vocabulary of the same folder as the encoder",
        "请使用与编码器同一目录中的词表",
    ),
    "model.too_long": Message(
        "a batch is {found} pieces long, but the encoder has positions for {allowed}",
        "一个批次长 {found} 个词片，而编码器只有 {allowed} 个位置",
        "set encoding.maximum_length={allowed}: longer texts are then cut in overlapping windows",
        "请设置 encoding.maximum_length={allowed}：更长的文本会切成有重叠的窗口",
    ),
    "model.too_few_layers": Message(
        "model.frozen_layers={found}, but the encoder has {allowed} layers",
        "model.frozen_layers={found}，而编码器只有 {allowed} 层",
        "freeze at most {allowed} layers",
        "最多冻结 {allowed} 层",
    ),
    "model.transformers_missing": Message(
        "models with a pretrained encoder need the package transformers, which is not installed",
        "使用预训练编码器的模型需要 transformers，但未安装",
        'install it: pip install "tengjia[bert]"',
        '请安装：pip install "tengjia[bert]"',
    ),
    "model.bad_pooling_file": Message(
        "the description of a sentence encoder cannot be read: {found}",
        "无法读取句向量编码器的说明文件：{found}",
        "fetch the folder anew, or say how the vectors are made: model.pooling=mean",
        "请重新获取该目录，或直接指定池化方式：model.pooling=mean",
    ),
    "model.unknown_pooling": Message(
        "the sentence encoder makes its vectors by `{found}`; known is exactly one of: {allowed}",
        "该句向量编码器的池化方式为 `{found}`；支持且仅支持以下之一：{allowed}",
        "choose one yourself: model.pooling=mean, max or first",
        "请自行选择：model.pooling=mean、max 或 first",
    ),
    "model.comparison_untrained": Message(
        "criterion={criterion} looks at the vectors alone, so model.comparison={found} would stay as it began",
        "criterion={criterion} 只看文本向量，model.comparison={found} 将得不到训练",
        "set model.comparison=cosine, or criterion=regression",
        "请设置 model.comparison=cosine，或改用 criterion=regression",
    ),
}
