"""The tagger as the field writes it: padded batches, `nn.LSTM(bidirectional=True)`, pytorch-crf."""

from __future__ import annotations

import torch
from torch import nn
from torchcrf import CRF


class PeerTagger(nn.Module):
    """Embedding, BiLSTM, linear, CRF; the mean negative log-likelihood of the batch.

    Args:
        vocabulary_size: Ids of characters, 0 for padding.
        tag_count: Tags.
        embedding_size: Width of a character.
        hidden_size: Width of each direction.
        dropout: Before and after the LSTM.
    """

    def __init__(
        self, vocabulary_size: int, tag_count: int, embedding_size: int, hidden_size: int, dropout: float
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary_size, embedding_size, padding_idx=0)
        self.dropout = nn.Dropout(dropout)
        self.lstm = nn.LSTM(embedding_size, hidden_size, batch_first=True, bidirectional=True)
        self.output = nn.Linear(2 * hidden_size, tag_count)
        self.crf = CRF(tag_count, batch_first=True)

    def forward(self, input_ids: torch.Tensor, labels: torch.Tensor) -> dict[str, torch.Tensor]:
        """Loss and scores `[B, T, C]`, in the form that the Hugging Face Trainer wants."""
        mask = input_ids != 0
        hidden, _ = self.lstm(self.dropout(self.embedding(input_ids)))
        scores = self.output(self.dropout(hidden))
        return {"loss": -self.crf(scores, labels, mask=mask, reduction="mean"), "logits": scores}


def collate(examples: list[dict[str, list[int]]]) -> dict[str, torch.Tensor]:
    """Pad to the longest of the batch."""
    pad = nn.utils.rnn.pad_sequence
    return {
        name: pad([torch.tensor(example[name]) for example in examples], batch_first=True)
        for name in ("input_ids", "labels")
    }
