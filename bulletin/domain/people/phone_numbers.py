"""Telephone numbers: one form to keep and compare them in, another to read and dial them."""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumberFormat, ValidationResult

from bulletin.domain.site.refusals import NotAllowed

from .refusals import Why

TYPED_MAX = 40
SLIPS_MAX = 3  # signs that do not belong in a number, up to which it may be one with a slip
# What may stand in a number besides its figures. A letter would be read as the key of a telephone that has it: 0770O as
# 07706, which is somebody else's.
BETWEEN = "+-./()\u00b7\u2010\u2011\u2012\u2013\u2014\u2212\uff0b"


def normal(typed: str, country: str) -> str:
    """A number as it was typed at a place in this country, as E.164; empty for nothing. Raises NotAllowed."""
    typed = typed.strip().removeprefix("tel:")
    if not typed:
        return ""
    try:
        number = phonenumbers.parse(typed[: TYPED_MAX + 1], country or None)
    except phonenumbers.NumberParseException:
        raise NotAllowed(Why.NO_PHONE_NUMBER) from None
    odd = [sign for sign in typed if not (sign.isdecimal() or sign.isspace() or sign in BETWEEN)]
    if odd and not number.extension:
        raise NotAllowed(Why.SIGN_IN_NUMBER, sign=odd[0]) if len(odd) <= SLIPS_MAX else NotAllowed(Why.NO_PHONE_NUMBER)
    # Possible, not valid: the plans of the telephone companies grow faster than any list of them.
    possible = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    if not possible or len(typed) > TYPED_MAX:
        raise NotAllowed(Why.NO_PHONE_NUMBER)
    if number.extension:
        raise NotAllowed(Why.EXTENSION)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def shown(number: str, country: str) -> str:
    """A number as people in this country write it; as it is kept, where it is none."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    at_home = parsed.country_code == phonenumbers.country_code_for_region(country)
    return phonenumbers.format_number(
        parsed, PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    )
