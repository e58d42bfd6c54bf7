"""Files sealed to words: only they open them, and whatever was changed in them is noticed."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis import strategies as st

from bulletin.vault import keys, parcels

WORDS = "six words of hers on paper"


@pytest.fixture(autouse=True, scope="module")
def cheap():
    patch = pytest.MonkeyPatch()
    patch.setattr(keys, "COST", keys.Cost(memory_kib=8, passes=1))
    yield
    patch.undo()


@pytest.mark.parametrize("plain", [b"", b"Dora", bytes(range(256)) * 4000])
def test_what_was_sealed_is_there_again(plain):
    assert parcels.unseal(parcels.seal(plain, WORDS), "  Six WORDS of hers on paper ") == plain


def test_other_words_open_nothing():
    with pytest.raises(keys.WrongWords):
        parcels.unseal(parcels.seal(b"Dora", WORDS), "six words of his on paper")


def test_it_holds_no_clear_word_and_two_are_never_alike():
    one, other = parcels.seal(b"Dora" * 100, WORDS), parcels.seal(b"Dora" * 100, WORDS)
    assert b"Dora" not in one
    assert one[40:] != other[40:]


def test_a_file_from_elsewhere_cannot_ask_for_more_memory_than_ours():
    greedy = keys.Cost(memory_kib=200 * 1024, passes=16)
    key, locked = keys.new_member(WORDS, cost=keys.COST)
    dear = locked[:1] + greedy.memory_kib.to_bytes(4, "big") + bytes([greedy.passes]) + locked[6:]
    with pytest.raises(parcels.NotSealed):
        parcels.unseal(parcels.BEGINS + dear + keys.wrap(key.secret, b"Dora", keys.context("parcel")), WORDS)


@pytest.mark.parametrize("cut", [0, 10, 100, 150, 180, -1, -16])
def test_a_part_of_it_is_not_taken_for_the_whole(cut):
    file = parcels.seal(b"a" * 1000, WORDS)
    for wrong in (file[:cut], file + b"more"):
        with pytest.raises(parcels.NotSealed):
            parcels.unseal(wrong, WORDS)


@hypothesis.settings(max_examples=150, deadline=None)
@hypothesis.given(data=st.data())
def test_no_changed_byte_goes_through(data):
    file = bytearray(parcels.seal(b"Dora lives here" * 10, WORDS))
    at = data.draw(st.integers(0, len(file) - 1))
    file[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises((parcels.NotSealed, keys.WrongWords)):
        parcels.unseal(bytes(file), WORDS)


@hypothesis.settings(max_examples=100, deadline=None)
@hypothesis.given(st.binary(max_size=500))
def test_anything_else_is_refused(junk):
    for file in (junk, parcels.BEGINS + junk):
        with pytest.raises(parcels.NotSealed):
            parcels.unseal(file, WORDS)
