"""The first page: where one is, what waits, how to begin, and every room by one tap; and each page's room."""

from __future__ import annotations

import datetime

from bulletin.web.shared import rooms
from tests.homes import ON_SQLITE
from tests.web import writing
from tests.web.house import read
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


def test_every_page_of_a_group_has_a_room(cast):  # noqa: F811
    app = cast["rosa"].app
    inside = {rule.endpoint for rule in app.url_map.iter_rules() if "site_id" in rule.arguments}
    blueprints = {endpoint.partition(".")[0] for endpoint in inside}
    assert blueprints - set(rooms.ROOMS) == set()
    assert {app.view_functions[start] for start in rooms.ROOMS.values()}, "each begins somewhere"


def test_the_name_on_the_screen_is_what_the_group_chose_and_leads_home(cast):  # noqa: F811
    rosa, bill = cast["rosa"], cast["bill"]
    assert "Our notebook" in rosa.reads(rosa.site).words
    assert "Depot North" not in rosa.opens(rosa.site).text
    too_long = rosa.sends(f"{rosa.site}/names", screen_name="Garden " * 5)
    assert (too_long.status_code, "Garden Garden" in too_long.text) == (422, True)
    assert rosa.sends(f"{rosa.site}/names", screen_name=" Garden  club ").location == rosa.site
    for page in (bill.site, f"{bill.site}/bulletins/new", f"{bill.site}/map"):
        assert "Garden club" in bill.reads(page).words
        assert bill.site in bill.reads(page).links
    assert "Garden club" not in cast["stranger"].opens("/").text + rosa.opens("/devices").text


def test_a_page_says_which_room_it_is_in_and_leads_to_where_it_begins(cast):  # noqa: F811
    rosa = cast["rosa"]
    for page, room in {
        "bulletins/new": "bulletins",
        "map": "contacts",
        "steps": "actions",
        "events": "members",
    }.items():
        links = rosa.reads(f"{rosa.site}/{page}").links
        assert links.index(rosa.site) < links.index(f"{rosa.site}/{room}")


def test_from_the_first_page_each_way_is_one_tap(cast):  # noqa: F811
    rosa = cast["rosa"]
    links = set(rosa.reads(rosa.site).links)
    ways = ("contacts", "follow-ups", "chart", "eddies", "map", "bulletins", "actions", "calendar", "steps", "members")
    ways += ("invitations", "questions", "events", "exports", "reading", "names")
    begins = ("conversations/new", "bulletins/new", "actions/new")
    assert {f"{rosa.site}/{way}" for way in (*ways, *begins)} <= links
    assert "<details" not in rosa.opens(rosa.site).text


def test_with_nothing_there_yet_it_says_how_to_begin(cast):  # noqa: F811
    rosa = cast["rosa"]
    assert "How to begin" in rosa.reads(rosa.site).words
    writing.begin(rosa)
    assert "How to begin" not in rosa.reads(rosa.site).words


def test_who_stands_for_a_paper_reads_at_once_that_somebody_objects(cast):  # noqa: F811
    rosa, bill = cast["rosa"], cast["bill"]
    paper = writing.begin(rosa, "The lead.", headline="No more Sundays")
    writing.save_header(rosa, paper, number="7", reply="https://example.org")
    writing.propose(rosa, paper)
    assert "Somebody objects" not in rosa.reads(rosa.site).words
    assert "1 paper to agree to" in bill.reads(bill.site).words
    writing.speak(bill, paper, "no", reason="Not these words.")
    assert "Somebody objects to No. 7: No more Sundays" in rosa.reads(rosa.site).words
    assert paper in rosa.reads(rosa.site).links
    assert "Somebody objects" not in bill.reads(bill.site).words, "it was him"


def test_a_hand_out_that_is_near_stands_first_and_says_what_it_is(cast):  # noqa: F811
    rosa = cast["rosa"]
    paper = writing.begin(rosa, "The lead.", headline="No more Sundays")
    writing.save_header(rosa, paper, number="7", reply="https://example.org")
    far = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=20)).date().isoformat()
    writing.hand_out(rosa, paper, "Gate A", day=far)
    writing.propose(cast["bill"], paper)
    words = rosa.reads(rosa.site).words
    assert words.index("Waits for you") < words.index("Next hand-out")
    writing.hand_out(rosa, paper, "Gate B")
    words = rosa.reads(rosa.site).words
    assert words.index("Next hand-out") < words.index("Gate B") < words.index("Waits for you")


def test_a_stranger_finds_the_way_in_before_all_else(cast):  # noqa: F811
    page = cast["stranger"].opens("/")
    assert page.text.index(">Sign in<") < page.text.index("<h1>")
    assert "/sign-in" in read(page).links
