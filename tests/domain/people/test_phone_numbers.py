"""Telephone numbers as people type them."""

from __future__ import annotations

import pytest

from bulletin.domain.people import phone_numbers
from bulletin.domain.people.refusals import Why
from tests.refusals import not_allowed


@pytest.mark.parametrize("typed", ["07700 900123", "+44 7700 900123", "0044 7700-900123", " (07700) 900 123 "])
def test_one_number_is_kept_in_one_form(typed):
    assert phone_numbers.normal(typed, "GB") == "+447700900123"


def test_it_is_shown_as_people_write_it_where_the_site_is():
    assert phone_numbers.shown("+447700900123", "GB") == "07700 900123"
    assert phone_numbers.shown("+447700900123", "DE") == "+44 7700 900123"
    assert phone_numbers.shown("at the canteen", "GB") == "at the canteen"


def test_no_number_is_no_number():
    assert phone_numbers.normal("  ", "GB") == ""


@pytest.mark.parametrize("typed", ["12", "twelve", "900123", "0" * 60, "+", "call me on 07700 900123 or so", "٠", "\0"])
def test_what_is_none_gets_a_sentence(typed):
    with not_allowed(Why.NO_PHONE_NUMBER):
        phone_numbers.normal(typed, "GB")


def test_an_extension_is_not_lost_without_a_word():
    with not_allowed(Why.EXTENSION):
        phone_numbers.normal("020 7946 0018 ext 5", "GB")


@pytest.mark.parametrize(("typed", "sign"), [("0770O 900123", "O"), ("07700 9OO123", "O"), ("07700 900l23", "l")])
def test_a_letter_in_a_number_is_asked_about_and_not_read_as_a_figure(typed, sign):
    with not_allowed(Why.SIGN_IN_NUMBER, sign=sign):
        phone_numbers.normal(typed, "GB")
