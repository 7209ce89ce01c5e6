"""The config sections of this task's stages."""

TRAINING = {
    "build": "src.modules.chat.building:Build",
    "index": "tengjia.retrieval.index:Index",
    "embedding": "src.modules.chat.embedding:Embedding",
}
TESTING = {
    "apply": "src.modules.chat.application:Application",
    "service": "src.modules.chat.service:Service",
    "test": "src.modules.chat.testing:Testing",
}
