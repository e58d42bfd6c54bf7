"""Talks: what somebody said, what was noted wrongly, and where they stand by the last talk that says so."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from bulletin.db import db
from bulletin.domain.people.contacts import Contact, Stand
from bulletin.domain.people.conversations import CHOICES, TEXT_MAX, Conversation, latest_struggles
from bulletin.domain.people.refusals import Why
from bulletin.domain.site.refusals import NotAllowed
from tests.domain.notebook import at_once, traces
from tests.refusals import not_allowed

TODAY = datetime.now(UTC).date()


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture
def jo(here) -> Contact:
    contact = Contact.add(here.id, "Jo", by="Rosa")
    db.session.flush()
    return contact


def talk(contact, days=0, **said) -> Conversation:
    return Conversation.note(contact, by="Rosa", day=ago(days), **said)


def test_a_talk_says_where_somebody_stands_and_when_it_was(jo):
    talk(jo, 2, stand=3, struggles=["staffing", "pay"], note="Two short on nights.", ask="Come on Friday?")
    assert (jo.stand, jo.brief.stood_on, jo.brief.talked_on) == (
        Stand.UNDECIDED,
        ago(2).isoformat(),
        ago(2).isoformat(),
    )
    assert Conversation.all_of(jo)[0].said.struggles == ("pay", "staffing"), "in the order of the list"


def test_a_talk_that_does_not_say_leaves_where_they_stood(jo):
    talk(jo, 5, stand=2)
    talk(jo, 1)
    assert (jo.stand, jo.brief.stood_on, jo.brief.talked_on) == (2, ago(5).isoformat(), ago(1).isoformat())


def test_a_talk_noted_late_does_not_count_as_the_last(jo):
    talk(jo, 1, stand=2)
    talk(jo, 30, stand=4)
    assert (jo.stand, jo.brief.talked_on) == (2, ago(1).isoformat())
    assert [one.day for one in Conversation.all_of(jo)] == [ago(1), ago(30)]


def test_of_two_on_one_day_the_one_noted_later_counts(jo):
    first, second = talk(jo, stand=2), talk(jo, stand=4)
    assert jo.stand is Stand.AGAINST
    assert Conversation.all_of(jo) == [second, first]


def test_a_correction_shows_what_it_said_before(jo):
    noted = talk(jo, stand=4, note="Against.")
    noted.correct(by="Bill", stand=2)
    assert jo.stand is Stand.WITH_US
    assert noted.said.note == "Against.", "what was not corrected stays"
    (before,) = noted.earlier
    assert (before.said.stand, before.by) == (4, "Bill")
    noted.correct(by="Bill", stand=2)
    assert len(noted.earlier) == 1, "nothing was different"


def test_an_older_talk_corrected_does_not_overtake_the_last(jo):
    older = talk(jo, 3, stand=3)
    talk(jo, 1, stand=2)
    older.correct(by="Rosa", stand=4)
    assert jo.stand is Stand.WITH_US


def test_a_correction_may_take_back_where_they_stood(jo):
    talk(jo, 3, stand=3)
    talk(jo, 1, stand=2).correct(by="Rosa", stand=None)
    assert (jo.stand, jo.brief.stood_on, jo.brief.talked_on) == (3, ago(3).isoformat(), ago(1).isoformat())


def test_what_was_withdrawn_is_gone_and_that_there_was_something_is_not(here, jo):
    talk(jo, 3, stand=3)
    wrong = talk(jo, 1, stand=2, note="That was Bill.")
    wrong.correct(by="Rosa", note="That was Bill, or Ben.")
    wrong.withdraw(by="Clara")
    db.session.commit()
    assert (jo.stand, jo.brief.talked_on) == (3, ago(3).isoformat())
    assert traces(here.id, (), ["That was"]) == []
    assert [one.said is None for one in Conversation.all_of(jo)] == [True, False]
    wrong.withdraw(by="Bill")
    assert wrong.entry.withdrawn_by == "Clara", "it was withdrawn already"
    with not_allowed(Why.WITHDRAWN):
        wrong.correct(by="Rosa", stand=1)


def test_with_every_talk_withdrawn_nothing_is_known(jo):
    talk(jo, stand=2).withdraw(by="Rosa")
    assert (jo.stand, jo.brief.stood_on, jo.brief.talked_on) == (None, "", "")


def test_a_day_to_come_is_no_talk_but_tomorrow_may_be_today_elsewhere(jo):
    with not_allowed(Why.DAY_TO_COME):
        Conversation.note(jo, by="Rosa", day=TODAY + timedelta(days=2))
    assert Conversation.note(jo, by="Rosa", day=TODAY + timedelta(days=1)).day > TODAY


@pytest.mark.parametrize("field", ["note", "ask", "commitment"])
def test_a_note_is_no_novel(jo, field):
    with not_allowed(Why.TEXT_TOO_LONG, most=2_000):
        talk(jo, **{field: "x" * (TEXT_MAX + 1)})
    noted = talk(jo, **{field: "x" * TEXT_MAX})
    with not_allowed(Why.TEXT_TOO_LONG, most=2_000):
        noted.correct(by="Rosa", **{field: "x" * (TEXT_MAX + 1)})


@pytest.mark.parametrize("said", [{"stand": 6}, {"stand": 0}])
def test_nobody_stands_where_there_is_no_place(jo, said):
    with pytest.raises(ValueError, match="Stand"):
        talk(jo, **said)
    with pytest.raises(TypeError, match="standing"):
        talk(jo, standing=2)


def test_a_form_sent_twice_is_one_talk(jo):
    form = uuid.uuid4()
    first = Conversation.note(jo, by="Rosa", form_id=form, stand=2)
    assert Conversation.note(jo, by="Rosa", form_id=form, stand=4) is first
    assert jo.stand is Stand.WITH_US


def test_talks_noted_at_once_know_of_each_other(here, jo):
    site_id, jo_id = here.id, jo.id

    def note(days, stand):
        return lambda: talk(Contact.of(site_id, jo_id), days, stand=stand)

    assert at_once(site_id, note(0, 2), note(5, 4)) == []
    assert Contact.of(site_id, jo_id).stand is Stand.WITH_US, "the later day, whoever was quicker"


def test_corrections_at_once_are_both_kept(here, jo):
    noted, site_id, jo_id = talk(jo, note="one").id, here.id, jo.id

    def correct(by):
        return lambda: Conversation.of(Contact.of(site_id, jo_id), noted).correct(by=by, note=f"{by} knows better")

    assert at_once(site_id, correct("Bill"), correct("Clara")) == []
    found = Conversation.of(Contact.of(site_id, jo_id), noted)
    assert [one.said.note for one in found.earlier] == ["one", "Bill knows better"]
    assert found.said.note == "Clara knows better"


def test_a_talk_is_found_with_whom_it_was(here, jo):
    bill = Contact.add(here.id, "Bill", by="Rosa")
    noted = talk(jo)
    assert Conversation.of(jo, noted.id) is noted
    assert Conversation.of(bill, noted.id) is None


def test_what_came_up_leaves_out_what_was_withdrawn_or_is_earlier(here, jo):
    for day, struggles in ((10, ["pay"]), (1, ["hours", "pay"]), (5, [])):
        talk(jo, day, struggles=struggles)
    talk(jo, 2, struggles=["war"]).withdraw(by="Rosa")
    db.session.flush()
    found = [(jo.id, ago(5), ()), (jo.id, ago(1), ("pay", "hours"))]
    assert sorted(Conversation.came_up_since(here.id, ago(5))) == found


def test_the_struggles_that_came_up_last_are_offered_first(here, jo):
    assert latest_struggles(here.id) == ["pay", "hours", "safety", "staffing", "bullying", "racism"]
    talk(jo, 5, struggles=["housing", "war"])
    talk(jo, 1, struggles=["climate"])
    talk(jo, 0, struggles=["sexism"]).withdraw(by="Rosa")
    assert latest_struggles(here.id) == ["climate", "housing", "war", "pay", "hours", "safety"]
    assert len(latest_struggles(here.id)) == CHOICES


def test_what_is_no_struggle_is_left_out(jo):
    assert talk(jo, struggles=["pay", "weather", "pay"]).said.struggles == ("pay",)


def test_what_was_withdrawn_meanwhile_is_not_brought_back_by_what_was_asked(here, jo):
    site_id, talk_id = here.id, talk(jo, note="sings").id

    def extend():
        Conversation.at(site_id, talk_id).extend(by="Bill", ask="Come on Friday?", commitment="")

    raised = at_once(site_id, lambda: Conversation.at(site_id, talk_id).withdraw(by="Rosa"), extend)
    assert [type(error) for error in raised] == [NotAllowed]
    assert traces(site_id, [], ["sings", "Friday"]) == []


def test_a_slip_of_the_year_is_refused(jo):
    for days, code in ((3 * 366, Why.TWO_YEARS_AGO), (1_800 * 365, Why.TWO_YEARS_AGO), (-2, Why.DAY_TO_COME)):
        with not_allowed(code):
            talk(jo, days)
    talk(jo, 2 * 365)
