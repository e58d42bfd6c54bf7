"""What is said of passphrases and codes that cannot be right."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from bulletin.vault.words import Count, Slip

from .marks import N_, Sentence

SENTENCES: Mapping[enum.Enum, Sentence] = {
    Slip.NOTHING: N_("Type your %(words)s words, or your %(digits)s digits."),
    Slip.NO_DIGIT: N_("There are only digits among your %(digits)s: look again at the ‘%(letter)s’."),
    Slip.DIGITS: N_("There are %(digits)s digits; you typed %(typed)s."),
    Slip.WORDS: N_("There are %(words)s words; you typed %(typed)s."),
    Slip.NOT_OURS: N_("‘%(word)s’ is not one of our words: look at your paper again."),
    Slip.NEARLY_OURS: N_("‘%(word)s’ is not one of our words: did you mean ‘%(near)s’?"),
    Slip.NOT_IN_CODES: N_("There is no ‘%(letter)s’ in a code: look at it again."),
    Slip.CODE_LENGTH: N_("A code has %(most)s letters and digits; you typed %(typed)s."),
    Slip.CODE_CHECK: N_("One letter or digit of the code is not right: compare it with what you were given."),
    Slip.FAR_TOO_LONG: N_("That is far too long: type what you were given, and nothing else."),
    Slip.PIN: N_("Type %(digits)s digits."),
    Slip.COMMON_PIN: N_("Many people choose these, so they are tried first: choose six others."),
    Count.ONE: N_("one"),
    Count.TWO: N_("two"),
    Count.THREE: N_("three"),
    Count.FOUR: N_("four"),
    Count.FIVE: N_("five"),
    Count.SIX: N_("six"),
    Count.SEVEN: N_("seven"),
    Count.EIGHT: N_("eight"),
    Count.NINE: N_("nine"),
    Count.TEN: N_("ten"),
    Count.ELEVEN: N_("eleven"),
    Count.TWELVE: N_("twelve"),
}
