"""What is done together: planned, noted afterwards, compared, learned from; nobody's words are lost."""

from __future__ import annotations

import re
import types
import uuid

import pytest

from bulletin.domain.actions import turnouts
from bulletin.domain.actions.actions import Action
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.units import Department, Shift
from bulletin.web.actions import forms
from tests.homes import ON_SQLITE
from tests.web import notebook, writing
from tests.web.clock import clock  # noqa: F401
from tests.web.conftest import Page
from tests.web.house import Person, errors, read
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("clock")]

TYPED = {
    **{"form": "leafleting", "title": "Gate <B>", "day": "2026-11-23", "start": "05:30", "end": "07:15"},
    **{"place": "Gate B", "struggles": "pay", "demand": "A third driver.\nNow."},
}


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def bill(cast) -> Person:  # noqa: F811
    return cast["bill"]


def planned(person: Person, **fields: str) -> str:
    """An action; its path."""
    answer = person.sends(f"{person.site}/actions", **{**TYPED, "form_id": uuid.uuid4().hex, **fields})
    assert answer.status_code == 303, errors(answer)
    return answer.location


def words(person: Person, path: str) -> str:
    return " ".join(person.reads(path).words.split())


def seen(person: Person, path: str) -> str:
    return person.reads(path).hidden["seen"]


def tick(person: Person, action: str, *ids: uuid.UUID, **said: bool) -> None:
    """Note it of people, from inside."""
    with notebook.inside(person) as place:
        held = Action.of(place.site_id, uuid.UUID(action.rpartition("/")[2]), to_change=True)
        turnouts.note(held, Contact.among(place.site_id, ids), by=place.member.handle, **said)


def people(person: Person, *names: str, **where: str) -> list[uuid.UUID]:
    with notebook.inside(person) as place:
        return [Contact.add(place.site_id, name, by=place.member.handle, **where).id for name in names]


def test_one_plans_it_and_all_see_it(rosa, bill):
    action = planned(rosa)
    assert "Gate &lt;B&gt;" in bill.opens(action).text
    shown = words(bill, action)
    for told in ("tomorrow 05:30 – 07:15", "Leafleting", "Gate B", "by Rosa", "About: Pay", "A third driver. Now."):
        assert told in shown
    index = words(bill, f"{bill.site}/actions")
    assert index.index("Coming") < index.index("Gate <B>")
    assert "What was" not in index
    assert Page(bill.opens(action).text).words["title"].strip() == "What we do · Notebook"


def test_one_that_was_is_noted_too(rosa):
    action = planned(rosa, day="2026-11-20", title="")
    index = words(rosa, f"{rosa.site}/actions")
    assert "What was Leafleting" in index
    assert "what came of it?" in index
    assert "Note what came of it" in words(rosa, action)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"form": "war"}, "form"),
        ({"title": "x" * 121}, "title"),
        ({"day": "Monday"}, "day"),
        ({"day": ""}, "day"),
        ({"day": "2029-11-23"}, "day"),
        ({"day": "0001-01-01"}, "day"),
        ({"day": "9999-12-31", "start": "23:30", "end": "01:00"}, "day"),
        ({"start": "early"}, "start"),
        ({"start": ""}, "start"),
        ({"end": "late"}, "end"),
        ({"start": "15:00", "end": "14:00"}, "day"),
        ({"last_day": "soon"}, "last_day"),
        ({"last_day": "9999-12-31"}, "last_day"),
        ({"last_day": "2026-11-20"}, "day"),
        ({"place": "x" * 121}, "place"),
        ({"demand": "x" * 2001}, "demand"),
    ],
)
def test_what_is_wrong_is_said_once_beside_its_field_and_all_typed_is_kept(rosa, fields, field):
    typed = {**TYPED, **fields}
    existing = planned(rosa)
    for path in (f"{rosa.site}/actions", f"{existing}/plan"):
        answer = rosa.sends(path, **typed)
        assert answer.status_code == 422
        assert writing.beside(answer, field)
        assert len(re.findall('class="field wrong"', answer.text)) == 1
        assert "Not a valid" not in answer.text
        page = Page(answer.text)
        values = {attrs.get("value") for attrs in page.all("input")} | {page.typed("demand")}
        assert {text for name, text in typed.items() if text and name not in ("form", "struggles")} <= values
        assert page.words["title"].startswith("Error: ")
    with notebook.inside(rosa) as place:
        assert len(Action.at(place.site_id)) == 1


def test_the_same_form_twice_makes_one(rosa):
    assert planned(rosa, form_id="1" * 32) == planned(rosa, form_id="1" * 32)


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ({"start": "22:00", "end": "06:00"}, "tomorrow 22:00 – 06:00"),
        ({"day": "2026-10-24", "start": "22:00", "end": "06:00"}, "22:00 – 06:00"),  # an hour longer that night
        ({"day": "2027-03-27", "start": "23:00", "end": ""}, "23:00 – 02:00"),  # an hour shorter: there is no 01:00
        ({"last_day": "2026-11-26"}, "tomorrow 05:30 – Thu 07:15"),
    ],
)
def test_to_open_its_form_and_save_it_changes_nothing(rosa, when, told):
    action = planned(rosa, **when)
    before = words(rosa, action)
    assert told in before
    page = Page(rosa.opens(f"{action}/plan").text)
    shown = {str(one["name"]): str(one.get("value") or "") for one in page.all("input") if one.get("name") in TYPED}
    last = next(one.get("value") or "" for one in page.all("input") if one.get("name") == "last_day")
    del shown["struggles"]
    assert rosa.sends(f"{action}/plan", **{**TYPED, **shown, "last_day": last}).status_code == 303
    assert words(rosa, action) == before


def test_two_change_it_at_once_and_both_see_both(rosa, bill):
    action = planned(rosa)
    first = seen(rosa, f"{action}/plan")
    moved = {**TYPED, "place": "Gate C", "struggles": "hours"}
    assert bill.sends(f"{action}/plan", **moved, seen=seen(bill, f"{action}/plan")).status_code == 303
    answer = rosa.sends(f"{action}/plan", **{**TYPED, "place": "Gate D"}, seen=first)
    assert answer.status_code == 409
    told = re.search(r'id="stale".*?</div>', answer.text, re.S)[0]
    assert "Gate C" in told
    assert "Hours" in told
    assert "Which day?" not in told
    assert 'value="Gate D"' in answer.text
    assert "Gate C" in words(rosa, action)
    again = {**TYPED, "place": "Gate D", "seen": read(answer).hidden["seen"]}
    assert rosa.sends(f"{action}/plan", **again).status_code == 303
    assert "Gate D" in words(bill, action)


def test_who_notes_something_else_of_it_is_in_nobodys_way(rosa, bill):
    action = planned(rosa, day="2026-11-20")
    known = {part: seen(rosa, f"{action}/{part}") for part in ("plan", "outcome", "lesson")}
    assert bill.sends(f"{action}/lesson", tried="Tea", seen=known["lesson"]).status_code == 303
    assert rosa.sends(f"{action}/plan", **{**TYPED, "day": "2026-11-20"}, seen=known["plan"]).status_code == 303
    assert rosa.sends(f"{action}/outcome", came_of_it="All took one.", seen=known["outcome"]).status_code == 303
    for part, field in (("outcome", "came_of_it"), ("lesson", "tried")):
        answer = bill.sends(f"{action}/{part}", **{field: "Bill’s own", "seen": known[part]})
        if part == "lesson":  # from a page that he had opened before
            assert "Tea" in re.search(r'id="stale".*?</div>', answer.text, re.S)[0]
        assert answer.status_code == 409
        assert "Bill’s own" in answer.text
    told = words(bill, action)
    assert "All took one." in told
    assert "Tea" in told


def test_a_motion_that_passed_with_nothing_after_it_is_listed_until_something_follows(rosa, bill):
    motion = planned(rosa, form="motion", title="Against lone loading", day="2026-11-20")
    index = f"{bill.site}/actions"
    listed = "Passed, and nothing after it"
    assert listed not in words(bill, index)
    for became in ("open", "lost", "passed"):
        answer = rosa.sends(f"{motion}/outcome", motion=became, came_of_it="41 for", others="")
        assert answer.status_code == 303
        assert (listed in words(bill, index)) is (became == "passed")
    rosa.sends(f"{motion}/outcome", motion="passed", next="Ask every shift")
    assert listed not in words(bill, index)
    assert "What follows: Ask every shift" in words(bill, motion)
    rosa.sends(f"{motion}/outcome", motion="passed", next="")
    key = motion.rpartition("/")[2].replace("-", "")
    assert f"{bill.site}/actions/new?after={key}" in bill.reads(index).links
    assert f'<option selected value="{key}">' in bill.opens(f"{index}/new?after={key}").text
    after = planned(bill, after=key, title="Vote")
    assert listed not in words(bill, index)
    assert "After it: Vote" in words(bill, motion)
    assert "It follows a motion: Against lone loading" in words(bill, after)
    assert f'<option selected value="{key}">' in bill.opens(f"{after}/plan").text
    assert bill.sends(f"{after}/cancellation").status_code == 303
    assert listed in words(bill, index)


def test_a_motion_is_asked_what_others_are_not(rosa):
    motion, other = planned(rosa, form="motion"), planned(rosa)
    assert 'name="motion"' in rosa.opens(f"{motion}/outcome").text
    assert 'name="motion"' not in rosa.opens(f"{other}/outcome").text
    answer = rosa.sends(f"{motion}/outcome", motion="perhaps")
    assert answer.status_code == 422
    assert writing.beside(answer, "motion")


def test_others_are_rounded_down_and_it_says_so(rosa):
    action = planned(rosa, day="2026-11-20")
    rosa.sends(f"{action}/outcome", others="47")
    told = words(rosa, action)
    assert "45 came" in told
    assert "47" not in told
    assert "About 45 of those who came are in no list; it is rounded down." in told
    answer = rosa.sends(f"{action}/outcome", others="many")
    assert answer.status_code == 422
    assert writing.beside(answer, "others")


def test_money_is_typed_and_told_as_where_the_site_is(rosa):
    action = planned(rosa, day="2026-11-20")
    assert rosa.sends(f"{action}/outcome", collected="12.5", spent="7,05").status_code == 303
    assert "Collected: £12.50 · spent: £7.05" in words(rosa, action)
    shown = rosa.opens(f"{action}/outcome").text
    assert 'value="12.50"' in shown
    assert 'value="7.05"' in shown
    rosa.sends(f"{action}/outcome", collected="", spent="0")
    assert "spent: £0.00" in words(rosa, action)
    assert "Collected" not in words(rosa, action)
    for wrong in ("lots", "1,200", "-5", "12.505", "1" * 9, "٣"):
        answer = rosa.sends(f"{action}/outcome", collected=wrong, came_of_it="It rained")
        assert answer.status_code == 422, wrong
        assert writing.beside(answer, "collected") == "Give the money as a number, such as 12.50."
        assert wrong in answer.text
        assert "It rained" in answer.text


@pytest.mark.parametrize(
    ("country", "typed", "amount", "told"),
    [
        ("GB", "12.50", 1250, "£12.50"),
        ("GB", "4 500", 450_000, "£4,500.00"),
        ("JP", "1250", 1250, "¥1,250"),
        ("KW", "1.250", 1250, "KWD1.250"),
        ("XX", "12.50", 1250, "12.50"),
    ],
)
def test_each_country_has_its_smallest_coin(rosa, country, typed, amount, told):
    site = types.SimpleNamespace(country=country)
    assert forms.coins(typed, site) == amount
    with rosa.app.test_request_context():
        assert forms.money(amount, site).replace("\xa0", " ") == told
    if country == "JP":
        with pytest.raises(ValueError, match=r"^$"):
            forms.coins("12.50", site)


def test_names_become_numbers_after_thirty_days_unless_they_are_kept(rosa, bill, clock):  # noqa: F811
    dora, emil = people(rosa, "Doracanary", "Emil")
    kept, counted = planned(rosa, title="Kept"), planned(rosa)
    for action in (kept, counted):
        tick(rosa, action, dora, emil, committed=True)
        tick(rosa, action, dora, came=True)
        assert "On 23 December 2026 the names become numbers" in words(bill, action)
    assert bill.sends(f"{kept}/names", keep="yes").status_code == 303
    assert "The names on this list are kept." in words(rosa, kept)
    clock.set("2026-12-22T23:00+00:00")
    assert "Doracanary" in words(rosa, counted)
    clock.set("2026-12-23T12:00+00:00")
    told = words(rosa, counted)
    assert "Doracanary" not in told
    assert "2 asked 2 said they would come 1 came" in told
    assert "2 of them are numbers now, the names are gone." in told
    assert "Doracanary" in words(rosa, kept)
    rosa.sends(f"{kept}/names", keep="no")
    assert "the names become numbers" in words(rosa, kept)
    clock.set("2026-12-24T12:00+00:00")
    assert "Doracanary" not in words(rosa, kept)


def test_it_is_off_only_while_nothing_is_noted_of_it(rosa, bill):
    dora = people(rosa, "Dora")
    action = planned(rosa)
    tick(rosa, action, *dora, committed=True)
    assert "Call it off" not in words(bill, action)
    answer = bill.sends(f"{action}/cancellation")
    assert answer.status_code == 409
    assert "People are in its list" in errors(answer)
    other = planned(rosa)
    rosa.sends(f"{other}/outcome", came_of_it="It rained")
    assert bill.sends(f"{other}/cancellation").status_code == 409
    third = planned(rosa)
    assert "Call it off" in words(bill, third)
    assert bill.sends(f"{third}/cancellation").status_code == 303
    assert bill.opens(third).status_code == bill.sends(f"{third}/cancellation").status_code == 404


def test_a_strength_test_is_compared_with_all_who_work_there_and_with_the_last_one(rosa, bill):
    with notebook.inside(rosa) as place:
        packing, loading = (Department.add(place.site_id, name) for name in ("Packing", "Loading"))
        nights = Shift.add(place.site_id, "Nights")
        packing.estimate({nights.id.hex: 40})
        loading.estimate({nights.id.hex: 10})
        where = [{"department": one.id.hex, "shift": nights.id.hex} for one in (packing, loading)]
    packers = people(rosa, *"ABCDEF", **where[0])
    loaders = people(rosa, *"GHI", **where[1])
    before = planned(rosa, day="2026-11-01", test="yes", title="Petition")
    tick(rosa, before, *packers[:2], *loaders, came=True)
    assert "It is the first one" in words(bill, before)
    test = planned(rosa, day="2026-11-20", test="yes", title="Badges")
    tick(rosa, test, *packers, loaders[0], came=True)
    tick(rosa, test, *loaders, committed=True)
    rosa.sends(f"{test}/outcome", others="23")
    told = words(bill, test)
    assert "27 of 50 came: 54 %. Last time 5: that is 22 more." in told  # 23 others are kept as 20
    rows = [
        [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr>(.*?)</tr>", re.search("<table.*</table>", bill.opens(test).text, re.S)[0], re.S)
    ]
    assert rows == [
        ["Where", "All", "Came", "Share", "Last", "More"],
        ["Nights, Loading", "10", "1", "10 %", "3", "−2"],
        ["Nights, Packing", "40", "6", "15 %", "2", "+4"],
        ["in no list", "–", "20", "–", "0", "+20"],
        ["All together", "50", "27", "54 %", "5", "+22"],
    ]
    assert f"{test}#strength" in rosa.reads(f"{rosa.site}/actions").links
    assert "How strong we were" not in words(rosa, planned(rosa, test="yes"))  # not yet begun


def test_while_a_petition_goes_on_it_is_compared_with_nothing(rosa, clock):  # noqa: F811
    with notebook.inside(rosa) as place:
        packing = Department.add(place.site_id, "Packing")
        packing.estimate({"": 265})
        packing = packing.id.hex
    before = planned(rosa, day="2026-11-01", test="yes", title="Badges")
    tick(rosa, before, *people(rosa, *"ABC", department=packing), came=True)
    petition = planned(rosa, form="petition", title="", day="2026-11-25", start="12:15", end="14:15", test="yes")
    told = words(rosa, petition)
    assert "Nobody is on the list yet. Put down whom you ask for a signature, and tick who signs." in told
    assert f"{petition}/turnout/people" in rosa.reads(petition).links
    dora, emil = people(rosa, "Dora", "Emil", department=packing)
    tick(rosa, petition, dora, committed=True)
    for moment in ("2026-11-25T11:00+00:00", "2026-11-25T12:30+00:00"):  # before it, and begun: nobody has signed yet
        clock.set(moment)
        assert "How strong we were" not in words(rosa, petition)
    tick(rosa, petition, emil, came=True)
    told = words(rosa, petition)
    assert "1 of 265 signed: 0 %. It is still going on. Last time there were 3 in the end." in told
    assert "fewer" not in told
    clock.set("2026-11-26T12:00+00:00")
    assert "Last time 3: that is 2 fewer." in words(rosa, petition)


def test_a_share_leaves_out_who_came_from_where_nobody_was_counted(rosa):
    with notebook.inside(rosa) as place:
        packing, office = (Department.add(place.site_id, name) for name in ("Packing", "Office"))
        packing.estimate({"": 10})
        packing, office = packing.id.hex, office.id.hex
    test = planned(rosa, day="2026-11-20", test="yes")
    tick(rosa, test, *people(rosa, "A", department=packing), came=True)
    tick(rosa, test, *people(rosa, "B", "C", department=office), came=True)
    told = words(rosa, test)
    assert "3 came. Where you know how many there are, 10 % of 10; 2 came from where nobody has counted yet." in told


def test_a_lesson_is_written_and_taken_back(rosa, bill):
    action = planned(rosa, day="2026-11-20")
    lesson = {"tried": "Tea at the gate", "happened": "They stopped", "again": "With cake\nand earlier"}
    assert rosa.sends(f"{action}/lesson", **lesson).status_code == 303
    told = words(bill, action)
    assert "TriedTea at the gate" in told
    assert "noted by Rosa" in told
    answer = rosa.sends(f"{action}/lesson", **{**lesson, "again": "x" * 2001})
    assert answer.status_code == 422
    assert writing.beside(answer, "again")
    bill.sends(f"{action}/lesson", tried="", happened="", again="")
    assert "Tea at the gate" not in words(rosa, action)


def test_what_is_not_there_is_absent(rosa):
    nowhere = f"{rosa.site}/actions/{uuid.uuid4()}"
    for path in ("", "/plan", "/outcome", "/lesson", "/turnout", "/turnout/people"):
        assert rosa.opens(nowhere + path).status_code == 404
    for path in ("/plan", "/outcome", "/lesson", "/names", "/cancellation"):
        assert rosa.sends(nowhere + path).status_code == 404


@pytest.mark.parametrize(
    ("start", "end", "field", "hour"),
    [("01:30", "02:30", "start", "01:30"), ("00:30", "01:15", "end", "01:15"), ("23:00", "01:00", "end", "01:00")],
)
def test_an_hour_that_the_clocks_leave_out_is_asked_about(rosa, start, end, field, hour):
    day = "2027-03-27" if start == "23:00" else "2027-03-28"  # the clocks go forward that night, at one
    answer = rosa.sends(f"{rosa.site}/actions", **{**TYPED, "day": day, "start": start, "end": end})
    assert answer.status_code == 422
    assert f"there is no {hour}" in writing.beside(answer, field)
    assert f'value="{start}"' in answer.text


def test_two_hours_later_are_two_hours_later_also_when_the_clocks_go_forward(rosa):
    shown = words(rosa, planned(rosa, day="2027-03-28", start="00:30", end=""))
    assert "00:30 – 03:30" in shown


def test_of_what_is_over_nobody_has_to_know_the_hour(rosa):
    action = planned(rosa, form="motion", title="Badges", day="2026-11-03", start="", end="")
    shown = words(rosa, action)
    assert "Tue 3 November 2026" in shown
    assert "00:00" not in shown + words(rosa, f"{rosa.site}/actions") + words(
        rosa, f"{rosa.site}/calendar?month=2026-11"
    )
    again = {**TYPED, "form": "motion", "day": "2026-11-02", "last_day": "2026-11-04", "start": "", "end": ""}
    assert rosa.sends(f"{action}/plan", **again, seen=seen(rosa, f"{action}/plan")).status_code == 303
    assert "Mon 2 November 2026 – Wed 4 November 2026" in words(rosa, action)
    assert 'value="2026-11-04"' in rosa.opens(f"{action}/plan").text
    timed = {**TYPED, "form": "motion", "day": "2026-11-02", "start": "10:00", "end": "11:00"}
    assert rosa.sends(f"{action}/plan", **timed, seen=seen(rosa, f"{action}/plan")).status_code == 303
    assert "10:00 – 11:00" in words(rosa, action)
    coming = rosa.sends(f"{rosa.site}/actions", **{**TYPED, "form": "motion", "day": "2026-12-03", "start": ""})
    assert writing.beside(coming, "start")


def test_a_petition_is_signed_where_others_come(rosa):
    with notebook.inside(rosa) as place:
        packing = Department.add(place.site_id, "Packing")
        packing.estimate({"": 10})
        packing = packing.id.hex
    dora, emil = people(rosa, "Dora", "Emil", department=packing)
    petition = planned(rosa, form="petition", title="", day="2026-11-20", test="yes")
    tick(rosa, petition, dora, emil, committed=True)
    tick(rosa, petition, dora, came=True)
    rosa.sends(f"{petition}/outcome", others="3")
    told = words(rosa, petition)
    assert "2 asked 2 said they would sign 4 signed 3 of those who signed are in no list." in told
    assert "Tick who signed" in told
    assert "4 of 10 signed: 40 %." in told
    assert "<b>4</b> signed" in rosa.opens(petition).text
    assert "How many signed who are in no list?" in words(rosa, f"{petition}/outcome")
    listed = words(rosa, f"{petition}/turnout")
    assert "Who signed?" in listed
    assert "2 asked · 2 said yes · 4 signed" in listed
    assert "Others who signed, in no list" in listed
    assert "signed" in words(rosa, f"{rosa.site}/contacts/{dora}")
    assert "said yes, did not sign" in words(rosa, f"{rosa.site}/contacts/{emil}")
    for page in (told, listed):
        assert "came" not in page.replace("What came of it", "").replace("Note what came of it", "")
