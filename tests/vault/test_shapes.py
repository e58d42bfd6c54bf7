"""What a sealed value is made of: what is missing, what is not known, and what is stored."""

from __future__ import annotations

import dataclasses
import enum
import json
from collections.abc import Mapping

import pytest
from hypothesis import given, strategies as st

from bulletin.vault import kinds
from bulletin.vault.shapes import (
    N_,
    Shape,
    both_unknown,
    choice,
    choices,
    clock,
    count,
    field,
    fields_of,
    flag,
    has_own_words,
    hex_id,
    iso_day,
    moment,
    own_words,
    part,
    plain_text,
    shape,
    shaped,
)


class Colour(enum.StrEnum):
    RED = "red"
    BLACK = "black"


class Grade(enum.IntEnum):
    LOW = 1
    HIGH = 2


@shape
class Inner(Shape):
    note: str = plain_text(N_("Note"), named=True)


@shape
class All(Shape):
    """A field of every kind."""

    name: str = plain_text(N_("Name"), most=3, room=5, named=True)
    day: str = iso_day(N_("Day"))
    at: str = moment(empty=True)
    hour: str = clock()
    other: str = hex_id("row")
    yes: bool = flag(N_("Yes"))
    many: int = count()
    known: int | None = count(unknown=True)
    colour: Colour | None = choice(N_("Colour"), Colour, nothing="")
    grade: Grade | None = choice(N_("Grade"), Grade, nothing=None)
    sure: Colour = choice(N_("Sure"), Colour, default=Colour.BLACK)
    colours: tuple[Colour, ...] = choices(N_("Colours"), Colour)
    inner: Inner = part(Inner)
    inners: tuple[Inner, ...] = field(kinds.several(shaped(Inner)))
    counts: Mapping[str, int] = field(kinds.by_id(kinds.plain("count", kinds.whole, 0)))
    rare: str = plain_text(sparse=True)


ALL = shaped(All)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
JSON = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=5), SCALARS, max_size=2)
STORED = {
    "name": "Jo",
    "day": "2026-11-23",
    "at": "2026-11-23T10:00:00+00:00",
    "hour": "06:00",
    "other": "0" * 32,
    "yes": True,
    "many": 3,
    "known": 0,
    "colour": "red",
    "grade": 2,
    "sure": "red",
    "colours": ["black", "red"],
    "inner": {"note": "Sings."},
    "inners": [{"note": "Drives."}, {"note": ""}],
    "counts": {"a": 1},
    "rare": "so",
}


def opened(stored: object) -> All:
    """As it comes out of the database: nothing of what is stored is shared."""
    return ALL.as_opened(json.loads(json.dumps(stored)))


def test_what_is_stored_is_what_it_was_and_in_python_it_has_its_types():
    value = opened(STORED)
    assert (value.colour, value.grade, value.sure) == (Colour.RED, Grade.HIGH, Colour.RED)
    assert value.colours == (Colour.BLACK, Colour.RED)
    assert value.inners == (Inner(note="Drives."), Inner())
    assert ALL.as_stored(value) == STORED
    assert ALL.check(STORED)


def test_what_an_older_release_has_not_written_reads_as_nothing_was_said():
    value = opened({})
    assert value == All()
    assert (value.name, value.yes, value.many, value.known, value.colour, value.grade) == (
        "",
        False,
        0,
        None,
        None,
        None,
    )
    assert (value.sure, value.colours, value.inner, value.inners, value.counts) == (Colour.BLACK, (), Inner(), (), {})
    assert ALL.as_stored(value)["colour"] == "", "as it was always stored"
    assert ALL.as_stored(value)["grade"] is None
    assert "rare" not in ALL.as_stored(value)
    assert ALL.check({})


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_what_a_newer_release_has_written_is_kept(more):
    more = {key: value for key, value in more.items() if key not in STORED}
    value = opened({**STORED, **more})
    assert ALL.check({**STORED, **more})
    changed = dataclasses.replace(value, name="Joanna", inner=dataclasses.replace(value.inner, note="Whistles."))
    again = opened(ALL.as_stored(changed))
    assert again == changed
    assert ALL.as_stored(again) == {**STORED, **more, "name": "Joanna", "inner": {"note": "Whistles."}}
    assert hasattr(value, "name"), "and stands in nobody's way"
    assert value.__class__ is All


@pytest.mark.parametrize("key", ["unknown", "__class__", "__dict__", "__eq__", "note"])
def test_a_key_from_elsewhere_is_no_attribute(key):
    value = opened({key: "x"})
    assert value.unknown == ((key, "x"),)
    assert (value == value, value.__class__) == (True, All)
    assert ALL.as_stored(value)[key] == "x"


def test_a_choice_of_a_newer_release_is_kept_and_is_none_of_ours():
    value = opened({"sure": "green", "grade": 7})
    assert value.sure not in list(Colour)
    assert {**ALL.as_stored(value), "sure": "green", "grade": 7} == ALL.as_stored(value)
    assert not ALL.check({"sure": "green"}), "but no file from elsewhere brings it"


@pytest.mark.parametrize(
    "wrong",
    [
        *({"name": 7}, {"name": "x" * 6}, {"day": "soon"}, {"day": "9999-01-01"}, {"at": "2026-05-12T10:00"}),
        *({"hour": "25:99"}, {"other": "x"}, {"yes": 1}, {"yes": None}, {"many": -1}, {"many": True}, {"many": 1.0}),
        *({"known": "1"}, {"colour": "green"}, {"colour": None}, {"grade": ""}, {"grade": True}, {"sure": ""}),
        *({"colours": ["green"]}, {"colours": "red"}, {"inner": []}, {"inner": {"note": 1}}, {"inners": {}}),
        *({"counts": {"a": "1"}}, [], None, "", b""),
    ],
    ids=repr,
)
def test_what_is_of_another_kind_is_seen(wrong):
    assert not ALL.check(wrong)


def test_what_must_be_there_must_be_there():
    @shape
    class Noted(Shape):
        at: str = moment()
        past: str = moment(past=True)

    now, later = "2020-01-01T00:00:00+00:00", "2199-01-01T00:00:00+00:00"
    assert shaped(Noted).check({"at": now, "past": now})
    for wrong in ({}, {"at": now}, {"past": now}, {"at": "", "past": now}, {"at": now, "past": later}):
        assert not shaped(Noted).check(wrong)


def test_a_value_says_nothing_of_itself_in_a_log():
    assert "Sings" not in repr(opened(STORED)) + str(opened(STORED))


def test_what_is_no_such_value_is_not_stored():
    for wrong in ({}, Inner(), None):
        with pytest.raises(TypeError):
            ALL.as_stored(wrong)
    with pytest.raises(TypeError, match="says nothing of itself"):

        @shape
        class Mute(Shape):
            name: str = ""


def test_a_value_is_changed_by_making_another():
    with pytest.raises(dataclasses.FrozenInstanceError):
        opened(STORED).name = "Bill"


def test_people_s_own_words_are_found_however_deep():
    assert [*own_words(opened(STORED))] == ["Jo", "Sings.", "Drives.", ""]
    assert [*own_words((opened({}), opened({"later": {"so": ["Dora"]}})))] == ["", "", "Dora", "", ""]
    assert has_own_words(All)
    assert list(fields_of(All))[:2] == ["name", "day"]


def test_of_two_what_is_not_known_is_kept_of_both():
    one, other = opened({"a": "", "b": 1, "c": 2}), opened({"a": 5, "c": 3, "d": 4})
    assert dict(both_unknown(one, other)) == {"a": 5, "b": 1, "c": 2, "d": 4}
