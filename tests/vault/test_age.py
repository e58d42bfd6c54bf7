"""Files sealed to a passphrase: other programs for age open them, and whatever was changed in them is noticed."""

from __future__ import annotations

import io

import hypothesis
import pyrage
import pytest
from hypothesis import strategies as st

from bulletin.vault import age, keys

WORDS = "sixwordsfromapieceofpaper"
CHEAP = 2


def sealed(plain: bytes, work: int = CHEAP, pieces: int = 70_000) -> bytes:
    into = io.BytesIO()
    with age.Sealing(into, WORDS, work) as file:
        for start in range(0, len(plain), pieces):
            file.write(plain[start : start + pieces])
    return into.getvalue()


def opened(file: bytes, words: str = WORDS) -> bytes:
    return b"".join(age.opened(io.BytesIO(file), words))


@pytest.mark.parametrize(
    "length", [0, 1, 15, age.CHUNK_BYTES - 1, age.CHUNK_BYTES, age.CHUNK_BYTES + 1, 3 * age.CHUNK_BYTES]
)
def test_another_program_opens_it_and_so_do_we(length):
    plain = bytes(range(256)) * (length // 256 + 1)
    file = sealed(plain[:length])
    assert pyrage.passphrase.decrypt(file, WORDS) == plain[:length] == opened(file)
    assert len(file) - length < 300 + 16 * (length // age.CHUNK_BYTES + 1)


def test_what_it_costs_is_what_is_written_in_it():
    file = sealed(b"", age.WORK)
    assert b" 15\n" in file[:100]
    assert opened(file) == b""
    with pytest.raises(age.NotSealed):  # another program's, for which there is no memory here
        opened(file.replace(b" 15\n", b" 16\n", 1))


def test_other_words_open_nothing():
    with pytest.raises(keys.WrongWords):
        opened(sealed(b"Dora"), "otherwords")


def test_it_holds_no_clear_word_and_two_are_never_alike():
    one, other = sealed(b"Dora" * 100), sealed(b"Dora" * 100)
    assert b"Dora" not in one
    assert one[60:] != other[60:]


@pytest.mark.parametrize("cut", [0, 10, 100, 150, 180, -1, -16, -(age.CHUNK_BYTES)])
def test_a_part_of_it_is_not_taken_for_the_whole(cut):
    file = sealed(b"a" * 2 * age.CHUNK_BYTES)
    with pytest.raises(age.NotSealed):
        opened(file[:cut])
    with pytest.raises(age.NotSealed):
        opened(file + b"more")


@hypothesis.settings(max_examples=150, deadline=None)
@hypothesis.given(data=st.data())
def test_no_changed_byte_goes_through(data):
    file = bytearray(sealed(b"Dora lives here" * 10))
    at = data.draw(st.integers(0, len(file) - 1))
    before = file[at]
    file[at] = data.draw(st.integers(0, 255).filter(lambda value: value != before))
    with pytest.raises((age.NotSealed, keys.WrongWords)):
        opened(bytes(file))


@hypothesis.settings(max_examples=100, deadline=None)
@hypothesis.given(st.binary(max_size=500))
def test_anything_else_is_refused(junk):
    for file in (junk, age.VERSION + junk):
        with pytest.raises(age.NotSealed):
            opened(file)
