"""The six digits of a phone: how they may be typed, and which are refused because they are tried first."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from bulletin.vault import pins
from bulletin.vault.words import Mistyped, Slip


@pytest.mark.parametrize("typed", ["480215", " 480 215 ", "48-02-15", "٤٨٠٢١٥", "４８０２１５"])
def test_the_same_digits_however_they_are_typed(typed):
    assert pins.chosen(typed) == "480215"


@pytest.mark.parametrize("typed", ["", "48021", "4802155", "48o215", "six digits", "4" * 501])
def test_what_is_not_six_digits_is_told(typed):
    with pytest.raises(Mistyped) as mistake:
        pins.normal(typed)
    assert mistake.value.code in (Slip.PIN, Slip.FAR_TOO_LONG)


@pytest.mark.parametrize(
    "pin",
    ["000000", "123456", "654321", "890123", "024680", "111222", "121212", "123123", "123321", "112233", "777770"],
)
def test_what_many_choose_is_refused_when_it_is_chosen_and_not_when_it_is_typed(pin):
    with pytest.raises(Mistyped) as mistake:
        pins.chosen(pin)
    assert mistake.value.code is Slip.COMMON_PIN
    assert pins.normal(pin) == pin


@settings(max_examples=30)
@given(st.text(max_size=20))
def test_whatever_is_typed_is_six_digits_or_is_told(typed):
    try:
        pin = pins.normal(typed)
    except Mistyped:
        return
    assert pin.isascii()
    assert pin.isdecimal()
    assert len(pin) == pins.DIGITS


def test_of_a_million_few_are_refused():
    refused = sum(pins._is_common(f"{number:06}") for number in range(0, 1_000_000, 7))
    assert 0 < refused < 1_000_000 / 7 / 100
