"""Letters come in without a session; what could not be filed is shown whole; what a phone keeps names nobody."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

from bulletin.db import db
from bulletin.domain.inbox.letters import LETTER_MAX, Letter, ParkedLetter
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.site import inbox_keys
from bulletin.vault import keys
from tests.homes import ON_SQLITE, home  # noqa: F401
from tests.web.house import House, Person, house  # noqa: F401
from tests.web.site.test_pins import HIDE, KEY, PIN, with_pin

pytestmark = ON_SQLITE
DORA = {"name": "Dora", "stand": "2", "struggles": "pay", "note": "The lift sticks."}


def key_of(person: Person) -> Any:
    return person.opens(f"{person.site}/phone").json


def letter(key: Any, fields: Any = None, *, form_id: str = "", kind: str = "talk") -> dict[str, str]:
    """As a phone sends it."""
    sent = uuid.UUID(hex=form_id) if form_id else uuid.uuid4()
    said = {"v": 2, "kind": kind, "by": key["member"], "phone": key["phone"], "proof": key["proof"], "on": "2026-11-28"}
    text = json.dumps({**said, "fields": [*(fields or DORA).items()]}).encode().ljust(512)
    about = inbox_keys.about(uuid.UUID(hex=key["site"]), sent)
    sealed = base64.b64encode(keys.seal_to(bytes.fromhex(key["inbox"]), text, about)).decode()
    return {"site": key["site"], "id": sent.hex, "token": key["token"], "sealed": sealed}


def filed(person: Person) -> list[tuple[str, str]]:
    with person.inside() as me:
        people = Contact.at(me.site_id)
        return [(one.name, talk.said.note) for one in people for talk in Conversation.all_of(one)]  # type: ignore[union-attr]


def waits(person: Person) -> int:
    with person.inside() as me:
        return Letter.count_at(me.site_id)


def test_a_letter_needs_no_session_and_is_filed_after_the_next_page(house: House):  # noqa: F811
    rosa, nobody = house.rosa(), house.person()
    sent = letter(key_of(rosa))
    rosa.sends("/devices/current/hiding")
    for _ in range(3):
        assert nobody.sends("/letters", **sent).status_code == 204
    assert (waits(rosa), filed(rosa)) == (1, [])
    assert rosa.signs_in().status_code == 303, "anew: it is her phone all the same"
    rosa.opens(rosa.site)
    assert (waits(rosa), filed(rosa)) == (0, [("Dora", "The lift sticks.")])


def test_what_is_no_letter_is_refused_and_leaves_nothing(house: House):  # noqa: F811
    rosa, nobody = house.rosa(), house.person()
    sent = letter(key_of(rosa))
    big = base64.b64encode(bytes(LETTER_MAX + 1)).decode()
    for wrong, status in (
        ({"token": "00" * 32}, 403),
        ({"site": uuid.uuid4().hex}, 403),
        ({"token": "Rosa"}, 400),
        ({"sealed": "%"}, 400),
        ({"id": ""}, 400),
        ({"sealed": big}, 413),
    ):
        assert nobody.sends("/letters", **{**sent, **wrong}).status_code == status, wrong
    elsewhere = nobody.client.post(
        "/letters", data=sent, base_url=nobody.base, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert elsewhere.status_code == 403
    assert waits(rosa) == 0


def test_the_token_opens_no_page_and_ends_with_its_phone(house: House):  # noqa: F811
    rosa = house.rosa()
    key = key_of(rosa)
    nobody = house.person()
    nobody.client.set_cookie("device", base64.urlsafe_b64encode(bytes.fromhex(key["token"])).decode())
    assert nobody.opens(rosa.site).status_code == 303
    rosa.sends("/devices/endings")
    assert house.person().sends("/letters", **letter(key)).status_code == 403


def test_what_lay_in_a_phone_writes_as_nobody_when_it_was_signed_out_everywhere(house: House):  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    taken = key_of(rosa)
    rosa.sends("/devices/endings")
    bill.sends("/letters", **letter({**taken, "token": key_of(bill)["token"]}))
    bill.opens(bill.site)
    assert filed(bill) == []
    page = bill.reads(f"{bill.site}/letters").words
    assert "The phone it was written on is signed out" in page
    assert "The lift sticks." in page
    assert "Written by" not in page


def test_a_page_says_which_phone_it_is_so_that_one_signed_in_anew_asks_for_what_is_its_own(house: House):  # noqa: F811
    rosa = house.rosa()
    seen = []
    for _ in range(2):
        rosa.sends("/sign-outs")
        rosa.signs_in()
        seen.append(key_of(rosa)["phone"])
        assert f'data-phone="{seen[-1]}"' in rosa.opens(rosa.site).text
    assert seen[0] != seen[1]


def test_a_shared_phone_is_given_nothing(house: House):  # noqa: F811
    rosa = house.rosa()
    assert "data-worker" in rosa.opens(rosa.site).text
    rosa.signs_in(place="shared")
    assert key_of(rosa) is None
    assert "data-worker" not in rosa.opens(rosa.site).text


def test_a_form_whose_answer_was_lost_and_its_letter_make_one_talk(house: House):  # noqa: F811
    rosa = house.rosa()
    page = rosa.reads(f"{rosa.site}/conversations/new")
    form = {**DORA, "contact_id": "", "day": "2026-11-28", "form_id": page.hidden["form_id"]}
    told = {name: value for name, value in form.items() if name != "form_id"}
    assert rosa.sends(f"{rosa.site}/conversations", **form).status_code == 303
    assert rosa.sends("/letters", **letter(key_of(rosa), told, form_id=form["form_id"])).status_code == 204
    rosa.opens(rosa.site)
    assert filed(rosa) == [("Dora", "The lift sticks.")]
    # The other way round: the letter was quicker than the form that is still open.
    again = {**form, "name": "Omar", "form_id": uuid.uuid4().hex}
    told = {name: value for name, value in again.items() if name != "form_id"}
    rosa.sends("/letters", **letter(key_of(rosa), told, form_id=again["form_id"]))
    assert rosa.sends(f"{rosa.site}/conversations", **again).location.endswith("/next")
    typed_on = rosa.sends(f"{rosa.site}/conversations", **{**again, "note": "It fell on Tuesday."})
    assert "It fell on Tuesday." in typed_on.text
    assert len(filed(rosa)) == 2
    with rosa.inside() as me:
        assert ParkedLetter.at(me.site_id) == []


def test_what_needs_fixing_is_shown_whole_and_thrown_away_once(house: House):  # noqa: F811
    rosa = house.rosa()
    poem = letter(key_of(rosa), {"verse": "They count our minutes."}, kind="poem")
    poor = letter(key_of(rosa), {**DORA, "day": "1700-01-01", "note": "<b>The lift</b>"})
    for one in (poem, poor):
        rosa.sends("/letters", **one)
    rosa.opens(rosa.site)
    assert "2 from a phone need fixing" in rosa.reads(rosa.site).words
    page = rosa.reads(f"{rosa.site}/letters")
    for words in ("They count our minutes.", "<b>The lift</b>", "with us", "1700-01-01", "Written by Rosa"):
        assert words in page.words
    for action in [one for one in page.actions if "/letters/" in one]:
        assert rosa.sends(action).status_code == 303
    assert "Nothing does." in rosa.reads(f"{rosa.site}/letters").words
    rosa.sends("/letters", **poor)
    rosa.opens(rosa.site)
    assert "Nothing does." in rosa.reads(f"{rosa.site}/letters").words


def test_a_flood_by_nobody_is_thrown_away_at_once_and_what_somebody_wrote_stays(house: House):  # noqa: F811
    rosa = house.rosa()
    key = key_of(rosa)
    for one in ({**key, "proof": "00" * 32}, {**key, "proof": "11" * 32}):
        rosa.sends("/letters", **letter(one))
    rosa.sends("/letters", **letter(key, {**DORA, "day": "1700-01-01"}))
    rosa.opens(rosa.site)
    page = rosa.reads(f"{rosa.site}/letters")
    assert "Nobody you know wrote 2 of them" in page.words
    assert rosa.sends(page.action("/unproven/end")).status_code == 303
    left = rosa.reads(f"{rosa.site}/letters")
    assert "It does not show who wrote it." not in left.words
    assert "Written by Rosa" in left.words
    assert not [action for action in left.actions if action.endswith("/unproven/end")]


def test_what_a_phone_keeps_is_the_same_for_everybody(house: House):  # noqa: F811
    rosa, nobody = house.rosa(), house.person()
    with rosa.inside() as me:
        Contact.add(me.site_id, "Dora", by="Rosa")
        db.session.commit()
    for page in ("", "/talk", "/action", "/story", "/draft"):
        seen = rosa.opens(f"/offline{page}")
        assert seen.status_code == 200
        assert seen.text == nobody.opens(f"/offline{page}").text
        assert "Set-Cookie" not in seen.headers


def test_a_phone_that_was_opened_once_by_digits_and_locked_again_sends_what_waits(house: House):  # noqa: F811
    rosa, nobody = with_pin(house.rosa()), house.person()
    key = key_of(rosa)  # what static/js/queue.js takes for fresh
    rosa.sends(HIDE)
    rosa.sends(KEY, pin=PIN)
    rosa.opens(rosa.site)
    rosa.sends(HIDE)
    assert nobody.sends("/letters", **letter(key)).status_code == 204


def test_what_was_typed_and_not_saved_is_given_back_to_who_typed_it(house: House):  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    copy = letter(key_of(rosa), {"note": "The lift sticks.", "version": "3"}, kind="copy")
    there = {name: copy[name] for name in ("id", "sealed")}
    back = f"{rosa.site}/letters/opened"
    assert rosa.sends(back, **there).json == {"fields": [["note", "The lift sticks."], ["version", "3"]]}
    assert bill.sends(back, **there).status_code == 404
    assert rosa.sends(back, **{**there, "id": uuid.uuid4().hex}).status_code == 404
    assert rosa.sends(back, **{**there, "sealed": "%"}).status_code == 400
    assert house.person().sends(back, **there).status_code == 403
    rosa.sends("/devices/current/hiding")
    assert rosa.sends(back, **there).status_code == 403  # hidden: not before it is opened again
    assert waits(bill) == 0
