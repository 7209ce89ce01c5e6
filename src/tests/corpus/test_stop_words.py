"""Files of stop words."""

from __future__ import annotations

import pytest

from tengjia.data.stopwords import read_stop_words
from tengjia.errors import DataError


def test_words_come_once_in_the_order_of_the_files(tmp_path):
    (tmp_path / "one.txt").write_bytes("\ufeff# a comment\n的\r\n\n 了 \n#\n\u3000\n的\n#tag\n".encode())
    (tmp_path / "two.txt").write_bytes("了\n吗".encode())
    found = read_stop_words([tmp_path / "one.txt", tmp_path / "two.txt"])
    assert found == ("的", "了", "#", "\u3000", "#tag", "吗")


def test_a_missing_file(tmp_path):
    with pytest.raises(DataError) as caught:
        read_stop_words([tmp_path / "none.txt"])
    assert caught.value.code == "corpus.no_stop_words"
    assert "none.txt" in str(caught.value)


def test_another_encoding_is_told_with_its_line(tmp_path):
    (tmp_path / "gbk.txt").write_bytes(b"a\nb\n" + "的".encode("gbk"))
    with pytest.raises(DataError) as caught:
        read_stop_words([tmp_path / "gbk.txt"])
    assert caught.value.code == "corpus.bad_stop_words"
    assert "gbk.txt:3" in str(caught.value) and "iconv" in caught.value.hint
