"""Our week: sent with one tap, never otherwise than it was shown, once, and taken back everywhere."""

from __future__ import annotations

import datetime
import re
import uuid

import pytest
from werkzeug.test import TestResponse

from bulletin.db import db
from bulletin.domain.actions.actions import Action
from bulletin.domain.network import looks, needs, overview, sharing, told, weeks
from bulletin.domain.people.contacts import Contact
from bulletin.domain.site.accounts.members import Member
from bulletin.web.network import labels
from tests.homes import ON_SQLITE
from tests.web import clock as clocks
from tests.web.clock import clock  # noqa: F401
from tests.web.house import House, Person, errors, invited_by_two, read
from tests.web.network.three_sites import asks, deed, takes_back, tells, three, told_by, told_since  # noqa: F401
from tests.web.writing import one_house, settled  # noqa: F401

pytestmark = ON_SQLITE

HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def friday(monkeypatch, clock):  # noqa: F811
    """It is a Friday: what was done an hour ago is of this week."""
    clock.set("2026-11-27T12:00+00:00")
    for room in (looks, needs, overview, sharing, told, weeks, labels):
        for name in ("now", "today"):
            if hasattr(room, name):
                monkeypatch.setattr(room, name, getattr(clock, name))
    monkeypatch.setattr("tests.web.network.three_sites.now", clock.now)
    return clock


def text_of(answer: TestResponse) -> str:
    return " ".join(read(answer).words.split())


def ticked(answer: TestResponse) -> dict[str, list[str]]:
    """What stands ticked and typed on the page, as a browser would send it."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r'<input[^>]*type="(?:checkbox|radio)"[^>]*>', answer.text):
        if re.search(r"\schecked", tag):
            name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
            assert name
            assert value
            found.setdefault(name[1], []).append(value[1])
    for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', answer.text):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and value:
            found[name[1]] = [value[1]]
    return found


def sends_week(person: Person, page: TestResponse | None = None, **more: object) -> TestResponse:
    """Send it as the page has it, with something else where that is said."""
    page = page or person.opens(f"{person.site}/weeks/new")
    fields = {**ticked(page), **more}
    fields.setdefault("form_id", uuid.uuid4().hex)
    return person.sends(f"{person.site}/weeks", **fields)


def says(person: Person, sentence: str, **more: object) -> str:
    """A week with a sentence, looked at and sent; the address of the copy."""
    before = told_by(person)
    looked = sends_week(person, sentence=sentence, **more)
    assert looked.status_code == 200, looked.status_code
    assert sends_week(person, looked, sentence=sentence, **more).status_code == 303
    return told_since(person, before)


def quiet_deed(person: Person, form: str, **plan: object) -> str:
    with person.inside() as place:
        start = clocks.actions.now() - 2 * HOUR
        action = Action.propose(place.site_id, start, start + HOUR, by="Rosa", form=form, **plan)
        action.note_outcome(by="Rosa", words="", others=45)
        db.session.commit()
        return action.id.hex


def test_one_tap_sends_what_was_shown_and_every_site_reads_it_in_the_sites_own_words(three):  # noqa: F811
    rosa, bill, dave, ada = (three[name] for name in ("rosa", "bill", "dave", "ada"))
    tells(dave, deed(dave, result="partly"))
    quiet_deed(dave, "walkout", title="Hall 2")
    quiet_deed(dave, "meeting", title="Secret supper")
    assert "Our week" in text_of(dave.opens(dave.site))
    page = dave.opens(f"{dave.site}/weeks/new")
    shown = text_of(page)
    assert (
        shown.index("Picket: At the gate (Partly won)") < shown.index("Who reads it: all groups") < shown.index("Send")
    )
    copy = re.findall(r'<article class="told-copy".*?</article>', page.text, re.S)[0]
    assert "Walkout: Hall 2" in copy
    assert "supper" not in copy
    assert "45" not in copy
    assert sends_week(dave, page).location == "/network"
    for person in (rosa, bill, ada, dave):
        network = text_of(person.opens("/network"))
        assert "Mill Lane Picket: At the gate (Partly won) Walkout: Hall 2 The week of 23 November" in network
        assert "supper" not in network
    assert "Mill Lane: Picket: At the gate (Partly won) · Walkout: Hall 2" in text_of(ada.opens(ada.site))
    assert "Our week" not in text_of(dave.opens("/network")), "it is told"
    assert "Our week" in text_of(ada.opens("/network"))
    assert dave.opens(f"{dave.site}/weeks/new").location in told_by(dave), "where it can be read"
    assert three["stranger"].opens(told_by(dave)[0]).status_code == 303


def test_nothing_is_sent_that_was_not_shown_word_for_word(three):  # noqa: F811
    dave, ada = three["dave"], three["ada"]
    party = quiet_deed(dave, "meeting")
    begun = dave.opens(f"{dave.site}/weeks/new")
    assert ">Send<" not in begun.text, "nothing to say yet"
    more = {"done": [f"people-{party}"], "first": ["staffing"], "own": "the new scanners", "sentence": "Come & see."}
    looked = sends_week(dave, begun, **more)
    assert looked.status_code == 200
    assert told_by(dave) == []
    for words in ("Meeting, about 45 came", "Comes up: Staffing, the new scanners", "Come & see."):
        assert words in text_of(looked)
    changed = sends_week(dave, looked, **{**more, "sentence": "Come and see."})
    assert changed.status_code == 200
    assert told_by(dave) == []
    with dave.inside() as place:  # somebody calls it something else meanwhile
        action = Action.of(place.site_id, uuid.UUID(party))
        assert action
        action.change(action.start, action.end, title="Of us all")
        db.session.commit()
    assert sends_week(dave, changed, **{**more, "sentence": "Come and see."}).status_code == 200
    looked = sends_week(dave, **{**more, "sentence": "Come and see.", "shown": ""})
    assert "Meeting: Of us all, about 45 came" in text_of(looked)
    assert sends_week(dave, looked, **{**more, "sentence": "Come and see."}).status_code == 303
    assert "Meeting: Of us all, about 45 came" in text_of(ada.opens("/network"))


def test_next_time_it_begins_from_what_the_site_said_and_more_is_said_in_words(three, friday):  # noqa: F811
    dave, ada = three["dave"], three["ada"]
    says(dave, "One.", first=["staffing", "hours"])
    friday.set("2026-12-04T12:00+00:00")
    page = dave.opens(f"{dave.site}/weeks/new")
    assert ticked(page)["before"] == ["hours", "staffing"]
    assert "more" not in ticked(page)
    assert "Comes up: Hours, Staffing" in text_of(page)
    says(dave, "Two.", before=["hours"], more=["staffing"])
    assert "Comes up: Hours, Staffing (more than before)" in text_of(ada.opens("/network"))
    assert "↑" not in ada.opens("/network").text
    assert "One." not in text_of(ada.opens("/network")), "each site's last week"


def test_a_name_from_the_notebook_is_pointed_at(three):  # noqa: F811
    dave = three["dave"]
    with dave.inside() as place:
        Contact.add(place.site_id, "Dora Quick", by="Dave")
        db.session.commit()
    for more in ({"sentence": "Dora Quick spoke."}, {"sentence": "", "own": "Dora Quick"}):
        looked = sends_week(dave, **more)
        assert "‘Dora Quick’: This is somebody’s name" in text_of(looked)
        assert told_by(dave) == []
    assert sends_week(dave, looked, **more).status_code == 303


def test_of_two_who_send_it_one_is_told_and_the_others_words_are_not_lost(three):  # noqa: F811
    rosa, bill = three["rosa"], three["bill"]
    looked = sends_week(bill, sentence="Bill’s way.")
    says(rosa, "Rosa’s way.")
    late = sends_week(bill, looked, sentence="Bill’s way.")
    assert late.status_code == 409
    assert "Rosa has told this week already. To say it otherwise, take it back first." in errors(late)
    assert "Bill’s way." in late.text
    assert len(told_by(rosa)) == 1


def test_sent_twice_it_is_told_once_and_other_words_are_not_lost(three):  # noqa: F811
    rosa, id_ = three["rosa"], uuid.uuid4().hex
    looked = sends_week(rosa, sentence="One.")
    first, again = (sends_week(rosa, looked, sentence="One.", form_id=id_) for _ in range(2))
    assert (first.status_code, again.status_code, again.location) == (303, 303, first.location)
    late = sends_week(rosa, looked, sentence="Two, and more.", form_id=id_)
    assert late.status_code == 409
    assert "Two, and more." in read(late).by_id["typed"]
    assert len(told_by(rosa)) == 1
    assert takes_back(rosa, told_by(rosa)[0]).status_code == 303
    assert sends_week(rosa, looked, sentence="One.", form_id=id_).status_code == 410, "not again by Back"


def test_only_who_decides_speaks_for_the_site(three):  # noqa: F811
    rosa, bill = three["rosa"], three["bill"]
    nina = invited_by_two(House(rosa.app, ""), rosa, bill, "Nina")
    refused = sends_week(nina, sends_week(nina, sentence="Nobody agreed."), sentence="Nobody agreed.")
    assert refused.status_code == 409
    assert "You decide with the others when enough of them have met you." in errors(refused)
    assert "Nobody agreed." in refused.text


def test_taken_back_it_is_gone_from_everywhere_and_may_be_sent_again(three):  # noqa: F811
    rosa, bill, dave, stranger = (three[name] for name in ("rosa", "bill", "dave", "stranger"))
    copy = says(rosa, "The doors shut.", audience="anyone")
    public = f"/public/{rosa.site.rpartition('/')[2]}"
    ways = [(dave, way) for way in ("/network", dave.site, copy)]
    ways += [(stranger, way) for way in (public, f"{public}/feed", f"{public}/{copy.rpartition('/')[2]}")]
    assert [way for person, way in ways if "The doors shut." not in person.opens(way).text] == []
    assert takes_back(bill, copy).status_code == 303
    assert [way for person, way in ways if "The doors shut." in person.opens(way).text] == []
    assert {person.opens(way).status_code for person, way in ways if way not in ("/network", dave.site)} == {404}
    assert says(rosa, "The doors stay open.") != copy
    assert "The doors stay open." in text_of(dave.opens("/network"))
    assert stranger.opens(public).status_code == 404, "anyone is chosen each time"


def test_what_is_told_to_sites_is_not_read_by_anyone_in_a_week(three):  # noqa: F811
    rosa, dave, stranger = three["rosa"], three["dave"], three["stranger"]
    tells(rosa, deed(rosa, word="For sites", result="won"))
    says(rosa, "Hello.", audience="anyone")
    public = f"/public/{rosa.site.rpartition('/')[2]}"
    assert "Hello." in stranger.opens(public).text
    assert "For sites" not in stranger.opens(public).text + stranger.opens(f"{public}/feed").text
    assert "Picket: For sites (Won)" in text_of(dave.opens("/network"))


def test_who_was_not_heard_from_stands_at_the_end_with_the_way_to_reach_them(three, friday):  # noqa: F811
    rosa, dave, ada = three["rosa"], three["dave"], three["ada"]
    for person in (rosa, dave, ada):
        with person.inside() as place:
            place.site.in_since, place.site.reach = friday.today(), f"{person.handle}’s door"
            db.session.commit()
    assert "Not heard from" not in text_of(ada.opens("/network"))
    friday.set("2027-01-22T12:00+00:00")
    says(dave, "Still here.")
    page = text_of(ada.opens("/network"))
    assert "Not heard from lately: Depot North. Ring them? Depot North: " in page
    assert page.index("Not heard from") > page.index("Still here.")
    assert page.count("Not heard from") == 1
    assert "Not heard from lately: St Anne’s." in text_of(rosa.opens("/network"))
    table = ada.sends("/network/table").data.decode("utf-8-sig")
    assert "Depot" not in table
    assert "Still here." in table


def test_what_is_new_since_the_last_look_is_each_members_own_and_sealed(three, friday):  # noqa: F811
    rosa, dave, ada = three["rosa"], three["dave"], three["ada"]
    says(rosa, "One.")
    assert "New since" not in text_of(ada.opens("/network")), "it is their first look"
    friday.set("2026-11-28T12:00+00:00")
    asks(dave, "A printer")
    for _ in range(2):  # all day the same
        assert "New since Fri 27 November 2026 Mill Lane: We need: A printer Depot North: The week of" in text_of(
            ada.opens("/network")
        )
    friday.set("2026-11-30T12:00+00:00")
    page = text_of(ada.opens("/network"))
    assert "New since Sat 28 November 2026 Mill Lane: We need: A printer" in page
    assert "Depot North: The week" not in page
    with rosa.app.app_context():
        rows = [one.sealed_looks for one in db.session.query(Member)]
    assert sum(row is not None for row in rows) == 1, "who has not looked has nothing"
    assert b"2026" not in b"".join(filter(None, rows))


def test_what_is_taken_along_is_written_down_once_a_day_and_reading_is_not(three):  # noqa: F811
    rosa, bill, dave = three["rosa"], three["bill"], three["dave"]
    says(rosa, "=1+1", first=["hours"])
    tells(rosa, deed(rosa, result="won"))
    asks(dave, "A printer")
    before = text_of(bill.opens(f"{bill.site}/events"))
    for _ in range(2):
        bill.opens("/network")
        answer = bill.sends("/network/table")
    assert answer.headers["Content-Disposition"] == "attachment; filename=table.csv"
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "Day,Group,What,In words,About,Won or lost"
    assert any("Depot North,Week," in line and "=1+1" in line and line.endswith(",Hours,") for line in lines)
    assert any("Depot North,Picket,At the gate · The rota is back.,,Won" in line for line in lines)
    assert any("Mill Lane,Somebody asks,We need: A printer" in line for line in lines)
    after = text_of(rosa.opens(f"{rosa.site}/events"))
    assert "took along" not in before
    assert after.count("Bill took along what the network’s page shows.") == 1
    assert "took along" not in text_of(dave.opens(f"{dave.site}/events"))
    assert three["stranger"].sends("/network/table").status_code == 403
