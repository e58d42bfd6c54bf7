"""What the press says is wrong: the same in another process, and when it was kept, and never in a log."""

from __future__ import annotations

import json
import pickle

import pytest

from bulletin.press import mistake
from bulletin.press.mistake import (
    Busy,
    Form,
    ManuscriptError,
    Named,
    NoSheet,
    OneSided,
    Phrase,
    PictureError,
    TooLong,
    Unfit,
    Wrong,
)
from bulletin.sentences import say
from tests.refusals import too_long

MISTAKES = [
    ManuscriptError(Wrong.NOTHING),
    ManuscriptError(Wrong.NO_COLON, line=3, typed="Bill Turner"),
    ManuscriptError(Wrong.ONE_SIDE, line=4, kind=OneSided.POSTER),
    PictureError(Unfit.OTHER_FORM, form=Form.GIF),
    too_long(11, 70, line=9),
    TooLong(NoSheet.ON_LINE_TALL, line=9, number="9"),
    Busy(),
]


@pytest.mark.parametrize("told", MISTAKES, ids=str)
def test_a_mistake_is_the_same_in_another_process(told):
    again = pickle.loads(pickle.dumps(told))  # noqa: S301  # as between a job and whoever asked for it
    assert type(again) is type(told)
    assert (again.code, again.values, again.line) == (told.code, told.values, told.line)
    assert (str(again), say(again)) == (str(told), say(told))


def test_what_may_get_into_a_log_names_nobody():
    told = ManuscriptError(Wrong.NO_COLON, line=3, typed="Bill Turner")
    assert (str(told), repr(told)) == ("NO_COLON, line 3", "ManuscriptError(<Wrong.NO_COLON: 'no colon'>)")
    assert say(told) == "‘Bill Turner’ has no colon: write ‘key: text’."
    assert say(told.with_line) == "Line 3: ‘Bill Turner’ has no colon: write ‘key: text’."


@pytest.mark.parametrize("told", [each for each in MISTAKES if not isinstance(each, PictureError)], ids=str)
def test_what_was_kept_is_said_again(told):
    kept = json.loads(json.dumps(mistake.kept(told)))
    assert say(mistake.again(**kept)) == say(told)


@pytest.mark.parametrize(
    "kept",
    [
        {"problem": "NoSheet.OF_LATER", "values": {}},
        {"problem": "NoSheet.NO_ROOM", "values": {"side": {"problem": "Named.OF_LATER", "values": {}}}},
    ],
)
def test_of_what_another_release_said_nothing_is_made_up(kept):
    assert mistake.again(**kept) is None


def test_several_pieces_are_counted_up():
    from bulletin.press.fitting import _any_of

    those, *others = Phrase(Named.HEADLINE_AND_FOOT), *(Phrase(Named.TITLED, title=each) for each in "ABC")
    told = [say(_any_of(those, *others[:count])) for count in range(4)]
    assert told == ["those", "those or ‘A’", "those, ‘A’ or ‘B’", "those, ‘A’, ‘B’ or ‘C’"]
