"""Words and digits that a tired person can write down and type back."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from bulletin.sentences import say
from bulletin.vault import words
from bulletin.vault.words import Mistyped, Slip, from_link_text, link_text, looks_like, new, normal
from tests.refusals import refused

ROSAS = "mouse tabloid lantern iguana mustard unicycle"  # all of them on the list
BILLS = "4071 9920 1138 5562 0047 8813"


def said(read: Callable[..., Any], typed: str, **how: bool) -> Any:
    """What it was read as, or the sentence."""
    try:
        return read(typed, **how)
    except Mistyped as error:
        assert str(error) == error.code.name, "never what was typed"  # noqa: PT017
        return say(error)


def told(typed: str, *, spelling: bool = False) -> str:
    with pytest.raises(Mistyped) as caught:
        looks_like(typed, spelling=spelling)
    assert str(caught.value) == caught.value.code.name, "never what was typed"
    assert say(caught.value).endswith((".", "?"))
    return say(caught.value)


def test_six_words_have_77_bits_and_none_has_a_hyphen():
    assert len(words.word_list()) == 7772
    assert words.WORDS * math.log2(len(words.word_list())) > 77.5
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words.word_list())


def test_where_the_spaces_go_is_worth_next_to_nothing():
    def readings(letters: str, count: int) -> int:
        if count == 0:
            return not letters
        return sum(
            readings(letters[length:], count - 1)
            for length in range(1, min(9, len(letters)) + 1)
            if words._is_ours(letters[:length])
        )

    lost = [math.log2(readings(normal(new("words")), words.WORDS)) for _ in range(2000)]
    assert sum(lost) / len(lost) < 0.02  # a thousandth or so; a phrase or two among these, by chance


def test_new_words_are_six_of_the_list_and_new_digits_are_six_groups_of_four():
    assert all(word in words.word_list() for word in new("words").split())
    assert len(new("words").split()) == 6
    assert [len(group) for group in new("digits").split()] == [4] * 6
    assert new("digits").replace(" ", "").isdigit()


def test_no_two_are_the_same():
    assert len({new("words") for _ in range(500)} | {new("digits") for _ in range(500)}) == 1000


@pytest.mark.parametrize(
    "typed",
    [
        "Mouse Tabloid LANTERN iguana mustard unicycle",
        "  mouse  tabloid\nlantern\tiguana mustard unicycle\n",
        "mouse-tabloid-lantern-iguana-mustard-unicycle",
        "mouse, tabloid, lantern, iguana, mustard, unicycle.",
        "mousetabloid lantern iguanamustard unicycle",
        "ｍｏｕｓｅ tabloid lantern iguana mustard unicycle",
        "mouse tablóid lantern iguana mustard unicycle",
        "1. mouse 2. tabloid 3. lantern 4. iguana 5. mustard 6. unicycle",
        "mouse tabloıd lantern İguana mustard unıcycle",
        "mouse\N{NO-BREAK SPACE}tab\N{SOFT HYPHEN}loid lantern iguana\N{ZERO WIDTH SPACE} mustard unicycle",
    ],
)
def test_rosas_words_are_the_same_however_she_types_them(typed):
    assert normal(typed) == normal(ROSAS)
    assert looks_like(typed, spelling=True) == looks_like(typed) == "words"


@pytest.mark.parametrize(
    "typed",
    [
        "407199201138556200478813",
        "4071-9920-1138-5562-0047-8813",
        "4071.9920.1138, 5562 0047 8813.",
        "４０７１９９２０ 1138 5562 0047 8813",
        "٤٠٧١ ٩٩٢٠ ١١٣٨ ٥٥٦٢ ٠٠٤٧ ٨٨١٣",
        "۴۰۷۱ ۹۹۲۰ ۱۱۳۸ ۵۵۶۲ ۰۰۴۷ ۸۸۱۳",
        "४०७१ ९९२० ११३८ ५५६२ ००४७ ८८१३",
        "4o71 992O Il38 5562 oo47 88l3",
    ],
)
def test_bills_digits_are_the_same_in_any_script_and_with_o_for_nought(typed):
    assert normal(typed) == "407199201138556200478813"
    assert looks_like(typed, spelling=True) == "digits"


def test_an_o_among_words_stays_an_o():
    assert normal("oil oil oil oil oil oil") == "oil" * 6


@given(st.sampled_from(["words", "digits"]).map(new))
def test_what_is_new_is_recognised_and_its_normal_form_is_stable(phrase):
    assert normal(normal(phrase)) == normal(phrase)
    assert looks_like(phrase, spelling=True) == ("digits" if phrase[0].isdigit() else "words")


@given(st.text(max_size=words.TYPED_MAX // 20))  # one character may stand for eighteen
def test_anything_typed_has_a_normal_form_and_gets_a_kind_or_a_sentence(typed):
    assert normal(normal(typed)) == normal(typed)
    for spelling in (False, True):
        answer = said(looks_like, typed, spelling=spelling)
        assert answer in ("words", "digits") or (answer.endswith((".", "?")) and "\n" not in answer)
        assert len(answer) < 120


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type your six words, or your 24 digits."),
        (" -.,", "Type your six words, or your 24 digits."),
        ("mouse tabloid lantern iguana mustard", "There are six words; you typed five."),
        (ROSAS + " mouse", "There are six words; you typed seven."),
        ("a " * 13, "There are six words; you typed 13."),
        ("x" * 400, "There are six words; you typed one."),
        ("x" * 501, "That is far too long: type what you were given, and nothing else."),
        (BILLS[:-1], "There are 24 digits; you typed 23."),
        ("4o71", "There are 24 digits; you typed 4."),
        ("4071 9920 1138 5S62 0047 8813", "There are only digits among your 24: look again at the ‘s’."),
    ],
)
def test_what_cannot_be_right_gets_a_sentence_that_says_why(typed, sentence):
    assert told(typed) == sentence


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (ROSAS.replace("tabloid", "tablodi"), "‘tablodi’ is not one of our words: did you mean ‘tabloid’?"),
        (ROSAS.replace("lantern", "xqzzw"), "‘xqzzw’ is not one of our words: look at your paper again."),
    ],
)
def test_a_slip_is_named_when_rosa_types_her_words_back(typed, sentence):
    assert told(typed, spelling=True) == sentence


def test_a_slip_is_not_named_when_she_signs_in():
    assert looks_like(ROSAS.replace("tabloid", "tablodi")) == "words"


# The secret of a link


@given(st.binary(min_size=16, max_size=16))
def test_a_links_secret_comes_back_as_it_was_typed(secret):
    text = link_text(secret)
    assert [len(group) for group in text.split("-")] == [4] * 7
    assert from_link_text(text) == secret
    assert from_link_text(text.lower().replace("-", " ")) == secret
    assert from_link_text(text.replace("0", "O").replace("1", "l")) == secret
    assert from_link_text(f" https://bulletin.example/join#{text}\n") == secret


@given(st.binary(min_size=16, max_size=16), st.integers(0, 33), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_letter_is_told_and_never_another_secret_unseen(secret, place, letter):
    text = link_text(secret)
    if text[place] in ("-", letter):
        return
    wrong = text[:place] + letter + text[place + 1 :]
    answer = said(from_link_text, wrong)
    assert answer != secret
    assert isinstance(answer, bytes) or "compare" in answer
    if not isinstance(answer, bytes):
        with refused(Mistyped, Slip.CODE_CHECK):
            from_link_text(wrong)


def test_the_check_finds_nearly_all_slips():
    text, found = link_text(bytes(range(16))), 0
    slips = [text[:place] + "7" + text[place + 1 :] for place in range(34) if text[place] not in "-7"]
    for slip in slips:
        with pytest.raises(Mistyped):
            from_link_text(slip)
        found += 1
    assert found == len(slips) > 20


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "A code has 28 letters and digits; you typed 0."),
        ("ABCD-EFGH", "A code has 28 letters and digits; you typed 8."),
        ("UUUU", "There is no ‘U’ in a code: look at it again."),
        ("жжжж", "There is no ‘Ж’ in a code: look at it again."),
    ],
)
def test_what_is_no_code_gets_a_sentence(typed, sentence):
    with pytest.raises(Mistyped) as caught:
        from_link_text(typed)
    assert say(caught.value) == sentence


@given(st.text())
def test_anything_typed_as_a_code_is_one_or_gets_a_sentence(typed):
    answer = said(from_link_text, typed)
    assert len(answer) == 16 if isinstance(answer, bytes) else answer.endswith(".")


def test_new_links_have_16_bytes_and_no_two_are_the_same():
    assert {len(words.new_link_secret()) for _ in range(100)} == {16}
    assert len({words.new_link_secret() for _ in range(100)}) == 100


def test_only_16_bytes_are_written_as_a_link():
    with pytest.raises(ValueError, match="16 bytes"):
        link_text(bytes(32))


def test_what_is_too_long_is_not_even_looked_at():
    accents = "a" + "\u0301\u0316" * 20_000  # in their order only after seconds
    begun = time.process_time()
    for read in (normal, looks_like, from_link_text):
        with refused(Mistyped, Slip.FAR_TOO_LONG):
            read(accents)
    assert words.from_ticket_text(accents) is None
    assert time.process_time() - begun < 0.2
