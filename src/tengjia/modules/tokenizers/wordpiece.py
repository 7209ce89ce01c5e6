"""Cuts text as BERT does: normalise, split at white space, signs and Chinese characters, then longest known pieces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from tengjia.config.parameters import Limits
from tengjia.contracts import Tokens
from tengjia.errors import ConfigurationError
from tengjia.registry import tokenizers
from tengjia.text.bert_files import FLAGS, WordPieceFiles, read_saved, read_vocabulary_or_folder, save_files
from tengjia.text.pieces import encodable, tokens_of


@tokenizers.register("wordpiece")
class WordPieceTokenizer:
    """Pieces of a BERT vocabulary (Wu et al. 2016; Devlin et al. 2019), equal to those of `transformers`.

    `words` tells the first piece of each word. Offsets are exact; a character outside all pieces is white space, a
    control or replacement character, an unassigned or private one, a lone surrogate, or a mark that nothing precedes.
    """

    brings_vocabulary = True

    limits: ClassVar[Limits] = {"longest_word": (1, None)}

    @dataclass(frozen=True)
    class Config:
        """Options of `WordPieceTokenizer`."""

        source: str = ""
        """Folder of a Hugging Face encoder (`vocab.txt` or `tokenizer.json`), or a vocabulary file with a piece a
        line; relative to `bert_model_root`."""

        lowercase: bool | None = None
        """Whether letters are made small; null: as the folder says, else yes."""

        strip_accents: bool | None = None
        """Whether accents are taken off; null: as the folder says, else when letters are made small."""

        split_chinese: bool | None = None
        """Whether Chinese characters stand alone; null: as the folder says, else yes."""

        longest_word: int = 100
        """A word of more characters is unknown as a whole."""

    def __init__(self, config: Config, *, roots: Mapping[str, Path] | None = None) -> None:
        self.config = config
        self._files: WordPieceFiles | None = None
        self._tokenizer: Any = None
        self.frame: tuple[str, str] | None = None
        if roots is not None:
            if not config.source:
                raise ConfigurationError("text.no_source", key="tokenizer.source", found=config.source)
            flags = {name: getattr(config, name) for name in FLAGS}
            self._use(read_vocabulary_or_folder(Path(roots["bert_model_root"]) / config.source, flags))

    def tokenize(self, text: str) -> Tokens:
        """Cut one text.

        Raises:
            ConfigurationError: There is no vocabulary yet.
        """
        if self._tokenizer is None:
            raise ConfigurationError("text.not_ready", key="tokenizer", found="wordpiece")
        return tokens_of(self._tokenizer.encode(encodable(text), add_special_tokens=False), text, words=True)

    def fit(self, texts: Iterable[str]) -> None:
        """Nothing to learn."""

    def vocabulary(self) -> list[str] | None:
        """The pieces in the order of their ids."""
        return None if self._files is None else list(self._files.pieces)

    def save(self, folder: Path) -> None:
        """Write the vocabulary and how text is normalised."""
        if self._files is None:
            raise ConfigurationError("text.not_ready", key="tokenizer", found="wordpiece")
        save_files(folder, self._files)

    def load(self, folder: Path) -> None:
        """Take back what `save` wrote.

        Raises:
            DataError: A file is missing or damaged.
        """
        self._use(read_saved(folder))

    def _use(self, files: WordPieceFiles) -> None:
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

        ids = {piece: number for number, piece in enumerate(files.pieces)}
        model = models.WordPiece(ids, unk_token="[UNK]", max_input_chars_per_word=self.config.longest_word)
        self._tokenizer = Tokenizer(model)
        self._tokenizer.normalizer = normalizers.BertNormalizer(
            clean_text=True,
            handle_chinese_chars=files.split_chinese,
            strip_accents=files.strip_accents,
            lowercase=files.lowercase,
        )
        self._tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        self._files = files
        self.frame = ("[CLS]", "[SEP]") if "[CLS]" in ids and "[SEP]" in ids else None
