"""The list at the gate: several tick at once, and nobody's tick is lost, nor anybody else's name told."""

from __future__ import annotations

import re
import uuid

import pytest

from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.turnouts import Turnout
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.merge import merge
from bulletin.domain.people.units import Department
from bulletin.web.actions import turnouts
from tests.homes import ON_SQLITE
from tests.web import notebook, writing
from tests.web.actions.test_actions import people, planned, words
from tests.web.clock import clock  # noqa: F401
from tests.web.house import SITE, Person, errors, founding_code, read
from tests.web.writing import by_script, cast, one_house, settled  # noqa: F401

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("clock")]


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def bill(cast) -> Person:  # noqa: F811
    return cast["bill"]


def listed(person: Person, action: str, *names: str, **where: str) -> dict[str, str]:
    """People who are put on the list; their ids by name."""
    ids = {name: people(person, name, **where)[0].hex for name in names}
    answer = person.sends(f"{action}/turnout/additions", ids=" ".join(ids.values()))
    assert answer.status_code == 303, errors(answer)
    return ids


def noted(person: Person, action: str) -> dict[str, tuple[bool, bool]]:
    """Who is on the list by name: committed, came."""
    with notebook.inside(person) as place:
        found = Action.of(place.site_id, uuid.UUID(action.rpartition("/")[2]))
        there = Turnout.all_for(found)
        return {Contact.of(place.site_id, key).name: (one.committed, one.came) for key, one in there.items()}


def shown(person: Person, action: str, tick: str = "committed") -> dict[str, str]:
    """What the form of the list sends along: the ids that were ticked, and what a tick says."""
    hidden = person.reads(f"{action}/turnout?tick={tick}").hidden
    return {name: hidden[name] for name in ("tick", "was")}


def send(person: Person, action: str, page: dict[str, str], *now: str):
    answer = person.sends(f"{action}/turnout", **page, now=" ".join(now))
    assert answer.status_code == 303
    return answer


def test_before_it_begins_a_tick_says_they_will_come_after_it_that_they_came(rosa, clock):  # noqa: F811
    action = planned(rosa)
    ids = listed(rosa, action, "Dora", "Emil")
    assert 'name="tick" value="committed"' in rosa.opens(f"{action}/turnout").text
    send(rosa, action, shown(rosa, action), ids["Dora"])
    assert "2 asked · 1 said yes" in words(rosa, f"{action}/turnout")
    clock.set("2026-11-23T05:31+00:00")
    page = rosa.opens(f"{action}/turnout")
    assert 'name="tick" value="came"' in page.text
    assert "said they would come" in page.text
    send(rosa, action, shown(rosa, action, "came"), *ids.values())
    assert noted(rosa, action) == {"Dora": (True, True), "Emil": (False, True)}
    assert "2 asked · 1 said yes · 2 came" in words(rosa, f"{action}/turnout?tick=committed")


def test_two_tick_at_once_and_neither_undoes_the_other(rosa, bill):
    action = planned(rosa, day="2026-11-22", start="05:00")
    ids = listed(rosa, action, "Dora", "Emil", "Fred", "Gina")
    send(rosa, action, shown(rosa, action, "came"), ids["Dora"], ids["Emil"])
    rosas, bills = shown(rosa, action, "came"), shown(bill, action, "came")
    send(bill, action, bills, ids["Emil"], ids["Fred"])  # Dora was a mistake; Fred is here
    send(rosa, action, rosas, ids["Dora"], ids["Emil"], ids["Gina"])  # of Dora Rosa said nothing
    came = {name for name, (_, there) in noted(rosa, action).items() if there}
    assert came == {"Emil", "Fred", "Gina"}


def test_what_is_sent_twice_is_noted_once_and_says_who_noted_it(rosa, bill):
    action = planned(rosa)
    ids = listed(rosa, action, "Dora")
    page = shown(rosa, action)
    for person in (rosa, bill):
        send(person, action, page, ids["Dora"])
    with notebook.inside(rosa) as place:
        (one,) = Turnout.all_for(Action.at(place.site_id)[0]).values()
        assert one.how.by == "Rosa"


def test_a_script_saves_each_tap_by_itself(rosa, bill):
    action = planned(rosa)
    ids = listed(rosa, action, "Dora", "Emil")
    answer = by_script(rosa, f"{action}/turnout", tick="committed", was="", now=ids["Dora"])
    assert answer.json == {"saved": True, "counts": "2 asked · 1 said yes"}
    by_script(bill, f"{action}/turnout", tick="committed", was="", now=ids["Emil"])
    answer = by_script(rosa, f"{action}/turnout", tick="committed", was=ids["Dora"], now="")
    assert answer.json["counts"] == "2 asked · 1 said yes"
    assert noted(rosa, action) == {"Dora": (False, False), "Emil": (True, False)}


def test_somebody_of_another_site_is_nobody_here(rosa, cast):  # noqa: F811
    action = planned(rosa)
    listed(rosa, action, "Dora")
    dave = cast["stranger"]
    dave.becomes("/foundings/further", "Dave", code=founding_code(rosa, cast["bill"]), **SITE)
    foreign = people(dave, "Quillwort")[0].hex
    for now in (foreign, uuid.uuid4().hex, "nonsense", "'; --"):
        send(rosa, action, shown(rosa, action), now)
        assert rosa.sends(f"{action}/turnout/additions", ids=now).status_code == 422
    assert noted(rosa, action) == {"Dora": (False, False)}
    assert "Quillwort" not in rosa.opens(f"{action}/turnout").text
    assert (
        dave.opens(f"{action}/turnout").status_code == dave.sends(f"{action}/turnout", now=foreign).status_code == 404
    )
    others = action.replace(rosa.site, dave.site)
    assert dave.opens(f"{others}/turnout").status_code == 404


def test_a_tick_of_somebody_who_was_merged_meanwhile_goes_to_who_they_are_now(rosa, bill):
    action = planned(rosa)
    ids = listed(rosa, action, "Dora", "Dora B.")
    page = shown(rosa, action)
    with notebook.inside(bill) as place:
        kept, twin = (Contact.of(place.site_id, uuid.UUID(ids[name]), to_change=True) for name in ("Dora", "Dora B."))
        merge(kept, twin)
    send(rosa, action, page, ids["Dora B."])
    assert noted(rosa, action) == {"Dora": (True, False)}


def test_who_is_taken_off_the_list_was_not_asked(rosa, bill):
    action = planned(rosa)
    ids = listed(rosa, action, "Dora", "Emil")
    send(rosa, action, shown(rosa, action), ids["Dora"])
    page = shown(rosa, action)
    assert "Take those ticked off the list" in bill.opens(f"{action}/turnout?tick=out").text
    assert bill.sends(f"{action}/turnout", tick="out", was="", now=ids["Dora"]).status_code == 303
    send(rosa, action, page)  # Rosa takes back the tick of somebody who is not there any more
    assert noted(rosa, action) == {"Emil": (False, False)}
    assert "1 asked" in words(rosa, f"{action}/turnout")


def test_people_are_found_by_their_name_or_where_they_work(rosa):
    with notebook.inside(rosa) as place:
        packing = Department.add(place.site_id, "Packing").id.hex
    action = planned(rosa)
    listed(rosa, action, "Already Listed", department=packing)
    people(rosa, "Zoë Packer", department=packing)
    people(rosa, "Yann", "Xenia")
    found = f"{action}/turnout/people"
    assert all(name in words(rosa, found) for name in ("Zoë Packer", "Yann", "Xenia", "3 who are not on the list"))
    for looked, there in (
        ({"q": "zoe"}, ["Zoë Packer"]),
        ({"department": packing}, ["Zoë Packer"]),
        ({"q": "yann", "department": packing}, []),
        ({"q": ""}, ["Xenia", "Yann", "Zoë Packer"]),
    ):
        answer = rosa.sends(found, **looked)
        assert answer.status_code == 200
        assert re.findall(r"<label[^>]*><span[^>]*>(.*?)</span>", answer.text) == there
        assert "Already Listed" not in answer.text
        assert f'value="{looked.get("q", "")}"' in answer.text
    answer = rosa.sends(found, q="x" * 81)
    assert answer.status_code == 422
    assert writing.beside(answer, "q")


def test_everybody_from_somewhere_is_put_on_the_list_at_once(rosa):
    with notebook.inside(rosa) as place:
        packing = Department.add(place.site_id, "Packing").id.hex
    action = planned(rosa)
    people(rosa, *(f"Packer {number}" for number in range(120)), department=packing)
    people(rosa, "Yann")
    page = rosa.sends(f"{action}/turnout/people", department=packing)
    assert "Put all 120 on the list" in page.text
    assert "The first 100 are shown" in page.text
    hidden = read(page).hidden
    answer = rosa.sends(f"{action}/turnout/additions", department=hidden["department"], all="yes")
    assert answer.status_code == 303
    assert "120 asked" in words(rosa, f"{action}/turnout")
    assert "Yann" not in noted(rosa, action)


def test_more_than_a_thousand_are_put_on_the_list_in_parts(rosa, monkeypatch):
    monkeypatch.setattr(turnouts, "AT_ONCE_MAX", 3)
    action = planned(rosa)
    people(rosa, "Dora Berg", "Dora Dale", "Emil", "Frida")
    answer = rosa.sends(f"{action}/turnout/additions", all="yes")
    assert answer.status_code == 422
    assert "At most 3 at a time: narrow it down" in read(answer).words
    assert noted(rosa, action) == {}
    assert rosa.sends(f"{action}/turnout/additions", all="yes", q="Dora").status_code == 303
    assert sorted(noted(rosa, action)) == ["Dora Berg", "Dora Dale"]


def test_who_is_put_on_the_list_may_have_said_yes_at_once(rosa):
    action = planned(rosa)
    dora, emil = (one.hex for one in people(rosa, "Dora", "Emil"))
    rosa.sends(f"{action}/turnout/additions", ids=dora, **{"as": "committed"})
    rosa.sends(f"{action}/turnout/additions", ids=emil, **{"as": "came"})
    rosa.sends(f"{action}/turnout/additions", ids=emil, **{"as": ""})
    assert noted(rosa, action) == {"Dora": (True, False), "Emil": (False, True)}
    answer = rosa.sends(f"{action}/turnout/additions")
    assert answer.status_code == 422
    assert "Tick who is to be on the list." in errors(answer)


def test_heads_are_counted_and_the_rest_of_the_outcome_stays(rosa, bill):
    action = planned(rosa, day="2026-11-22", start="05:00")
    rosa.sends(f"{action}/outcome", came_of_it="It rained", collected="5")
    assert bill.sends(f"{action}/turnout/others", tick="came", others="33").status_code == 303
    assert "30 came" in words(rosa, f"{action}/turnout")
    assert 'value="30"' in rosa.opens(f"{action}/turnout").text
    told = words(rosa, action)
    assert "It rained" in told
    assert "£5.00" in told
    answer = bill.sends(f"{action}/turnout/others", tick="came", others="lots")
    assert answer.status_code == 422
    assert writing.beside(answer, "others")
    assert "lots" in answer.text


def test_nobody_is_ticked_once_names_are_numbers(rosa, clock):  # noqa: F811
    action = planned(rosa)
    ids = listed(rosa, action, "Dora")
    page = shown(rosa, action)
    clock.set("2027-01-10T12:00+00:00")
    rosa.opens(rosa.site + "/actions")
    told = words(rosa, f"{action}/turnout")
    assert "The names that were on this list are numbers now." in told
    assert "Who else?" not in told
    for path in ("/turnout", "/turnout/additions"):
        answer = rosa.sends(action + path, **page, now=ids["Dora"], ids=ids["Dora"])
        assert answer.status_code == 409
        assert "Names have become numbers" in errors(answer)
    answer = by_script(rosa, f"{action}/turnout", **page, now=ids["Dora"])
    assert answer.status_code == 409
    assert "numbers" in answer.json["errors"][0]["sentence"]


def test_names_stand_in_no_address_and_no_title(rosa):
    action = planned(rosa)
    ids = listed(rosa, action, "Doracanary")
    answer = send(rosa, action, shown(rosa, action), ids["Doracanary"])
    assert answer.location == f"{action}/turnout?tick=committed"
    for path in ("/turnout", "/turnout?tick=out", "/turnout/people"):
        page = read(rosa.opens(action + path))
        assert not any("canary" in link for link in (*page.links, *page.actions))
        assert "canary" not in re.search("<title>.*</title>", rosa.opens(action + path).text, re.S)[0]


def test_one_save_keeps_the_ticks_and_the_number(rosa):
    """And what somebody else has counted meanwhile is not undone by who only ticks."""
    action = planned(rosa, day="2026-11-22", start="05:00")
    listed(rosa, action, "Dora")
    path = f"{action}/turnout"
    assert rosa.sends(path, tick="came", was="", others="23", others_was="").status_code == 303
    assert 'name="others_was" value="20"' in rosa.opens(f"{path}?tick=came").text
    assert rosa.sends(path, tick="came", was="", others="7", others_was="7").status_code == 303
    assert ">20</b>" in rosa.opens(action).text
    wrong = rosa.sends(path, tick="came", was="", others="many", others_was="20")
    assert (wrong.status_code, 'value="many"' in wrong.text) == (422, True)
