"""Words about tokenizers, dictionaries and word vectors."""

from tengjia.messages import Message

MESSAGES: dict[str, Message] = {}
