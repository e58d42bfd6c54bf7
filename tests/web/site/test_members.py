"""People of a site: who is new is met, two lock somebody out, more than half put them out; and leaving."""

from __future__ import annotations

import concurrent.futures
import uuid

import pytest

from bulletin import sweeper
from bulletin.db import db
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.portability import own
from bulletin.domain.site import invitations
from bulletin.domain.site.accounts import members
from bulletin.sentences import say_code
from tests.homes import ON_BOTH, ON_SQLITE
from tests.web.house import SITE, DaysPass, House, Person, days_pass, errors, house, invited_by_two, read  # noqa: F401

Cast = tuple[Person, Person, Person]


@pytest.fixture
def depot(house: House) -> Cast:  # noqa: F811
    """Three who decide."""
    rosa = house.rosa()
    return rosa, house.joined(rosa, "Bill"), house.joined(rosa, "Clara")


def happened(person: Person) -> str:
    return person.reads(f"{person.site}/events").words


def place_of(handle: str, seen_by: Person) -> str:
    """The path of somebody's place at the site."""
    with seen_by.app.app_context():
        member = members.Member.named(handle)
        assert member
        place = members.Membership.of(member, uuid.UUID(seen_by.site.rpartition("/")[2]))
        assert place
        return f"{seen_by.site}/members/{place.id}"


def asks_to_put_out(person: Person, handle: str) -> str:
    """The path of the question."""
    answer = person.vouches(f"{place_of(handle, person)}/removal")
    assert answer.status_code == 303, errors(answer)
    return answer.location


def answers(person: Person, question: str, said: str) -> int:
    return (person.vouches if said == "yes" else person.sends)(f"{question}/answers", answer=said).status_code


def test_a_site_one_is_not_in_looks_absent(house: House, depot: Cast) -> None:  # noqa: F811
    rosa = depot[0]
    dave = house.person()
    with rosa.inside() as place:
        code = invitations.Invitation.issue_to_found(place.member)[1]
        place_id = place.id
        members.db.session.commit()
    dave.becomes("/foundings/further", "Dave", code=members_link(code), **SITE)
    question = asks_to_put_out(rosa, "Bill").rpartition("/")[2]
    nowhere = f"/sites/{uuid.uuid4()}"
    for rule in house.app.url_map.iter_rules():
        if not rule.rule.startswith("/sites/<uuid:site_id>"):
            continue
        path = rule.rule.removeprefix("/sites/<uuid:site_id>").replace("<uuid:membership_id>", str(place_id))
        path = path.replace("<uuid:invitation_id>", str(uuid.uuid4())).replace("<uuid:question_id>", question)
        ask = dave.opens if "GET" in rule.methods else dave.sends
        theirs, none = ask(rosa.site + path), ask(nowhere + path)
        assert theirs.status_code == none.status_code == 404, path
        assert theirs.text == none.text
    assert rosa.opens(f"{rosa.site}/members").text.count("Locked out") == 0


def members_link(secret: bytes) -> str:
    from bulletin.vault import words

    return words.link_text(secret)


def test_two_lock_a_third_out_at_once_and_everybody_sees_who(depot: Cast) -> None:
    rosa, bill, clara = depot
    question = asks_to_put_out(rosa, "Clara")
    assert "Everybody is asked whether you are put out." in clara.reads(clara.site).words
    assert clara.sends(f"{question}/answers", answer="no").status_code == 409
    assert rosa.site in bill.reads(bill.site).links[1]
    assert "Shall Clara be put out for good?" in bill.reads(bill.site).words
    assert answers(bill, question, "yes") == 303
    assert clara.opens(rosa.site).location.startswith("/devices/current/key"), "her phone may have been taken"
    assert clara.comes_back(rosa.site).status_code == 404
    mine = clara.reads("/sites").words
    assert "You are in no group now" in mine
    assert "You are locked out of a group" in mine
    assert "Depot" not in mine
    assert "Clara was locked out. Asked by Rosa, Bill." in happened(rosa)


def test_as_many_no_let_them_in_again_with_the_key(house: House, depot: Cast) -> None:  # noqa: F811
    rosa, bill, clara = depot
    dora = invited_by_two(house, rosa, bill, "Dora")
    everybody_decides(rosa)
    question = asks_to_put_out(rosa, "Clara")
    answers(bill, question, "yes")
    assert clara.comes_back(rosa.site).status_code == 404
    rosa.opens(rosa.site)  # after it the key is new
    assert answers(dora, question, "no") == 303
    assert clara.opens(rosa.site).status_code == 404, "one no is fewer than two yes"
    assert answers(bill, question, "no") == 303
    assert clara.opens(rosa.site).status_code == 200
    assert "Rosa started the group." in happened(clara)
    assert "Clara is not locked out any more." in happened(clara)


def test_after_three_days_more_than_half_put_them_out_and_the_key_is_new(depot: Cast, days_pass: DaysPass) -> None:  # noqa: F811
    rosa, bill, clara = depot
    answers(bill, asks_to_put_out(rosa, "Clara"), "yes")
    days_pass(2.9)
    rosa.opens(rosa.site)
    assert "was put out" not in happened(rosa)
    days_pass(0.2)
    rosa.opens(rosa.site)  # after it Clara is gone
    told = happened(rosa)
    assert "Clara was put out: enough of you said yes. Asked by Rosa, Bill." in told
    assert "The key of the group changed." in told
    assert "Rosa started the group." in happened(bill)
    assert clara.opens("/sites").location.startswith("/sign-in")
    assert clara.signs_in().status_code == 422


def test_without_more_a_lock_ends_after_two_weeks_and_who_asked_waits_for_two_months(
    house: House,  # noqa: F811
    depot: Cast,
    days_pass: DaysPass,  # noqa: F811
) -> None:
    rosa, bill, clara = depot
    others = [invited_by_two(house, rosa, bill, handle) for handle in ("Dora", "Emil")]
    everybody_decides(rosa)
    question = asks_to_put_out(rosa, "Clara")
    answers(bill, question, "yes")
    for other in others:
        assert answers(other, question, "no") == 303
    assert clara.comes_back(rosa.site).status_code == 200, "as many say no"
    days_pass(15)
    rosa.opens(rosa.site)
    assert "Clara is not put out: too few of you said yes." in happened(rosa)
    refused = rosa.vouches(f"{place_of('Clara', rosa)}/removal")
    assert refused.status_code == 409
    assert "You asked, and it was lost: you can ask again" in errors(refused)


def test_an_answer_is_changed_and_taken_back(depot: Cast) -> None:
    rosa, bill, _clara = depot
    question = asks_to_put_out(rosa, "Clara")
    page = bill.reads(question)
    assert "1 yes · 0 no · 2 are asked" in page.words
    answers(bill, question, "no")
    assert "You said no. You can change it until it is decided." in bill.reads(question).words
    assert bill.sends(f"{question}/withdrawal").status_code == 303
    assert "You said" not in bill.reads(question).words
    assert rosa.sends(f"{question}/withdrawal").status_code == 303
    assert "is not put out" in happened(rosa), "nobody says yes any more"
    assert bill.vouches(f"{question}/answers", answer="yes").status_code == 404


def test_whoever_taps_twice_asks_once(depot: Cast) -> None:
    rosa, bill, _clara = depot
    asked = {asks_to_put_out(rosa, "Clara") for _ in range(2)}
    assert len(asked) == 1
    assert happened(rosa).count("asked that Clara") == 1
    answers(bill, asked.pop(), "yes")
    assert happened(rosa).count("was locked out") == 1


def test_who_is_new_reads_and_writes_and_decides_when_enough_have_met_them(house: House, depot: Cast) -> None:  # noqa: F811
    rosa, bill, clara = depot
    dora = invited_by_two(house, rosa, bill, "Dora")
    assert dora.sends(f"{dora.site}/map/departments", name="Packing").status_code in (303, 404, 422)
    page = dora.reads(f"{dora.site}/members").words
    assert "decide with the others when enough of them have met you" in page
    assert "2 have." in page
    refused = dora.vouches(f"{place_of('Clara', rosa)}/removal")
    assert "You decide with the others when enough of them have met you." in errors(refused)
    assert "1 is new: have you met them?" in clara.reads(clara.site).words
    page = clara.reads(f"{clara.site}/members")
    assert "I have met them, and know that they work here" in page.words
    assert "brought by Bill, Rosa" in page.words or "brought by Rosa, Bill" in page.words
    met = next(action for action in page.actions if action.endswith("/answers"))
    assert clara.sends(met, answer="yes").status_code == 303
    assert "Enough of you have met Dora, who decides with you from now on." in happened(rosa)
    assert asks_to_put_out(dora, "Clara")


def test_nobody_brings_a_fourth_while_three_of_theirs_do_not_decide(house: House, depot: Cast) -> None:  # noqa: F811
    rosa, bill, _clara = depot
    for handle in ("Dora", "Emil", "Fay"):
        invited_by_two(house, rosa, bill, handle)
    refused = rosa.sends(f"{rosa.site}/invitations")
    assert refused.status_code == 409
    assert "You have brought 3 people who do not decide yet." in errors(refused)


def test_who_has_lost_their_words_comes_back_and_the_old_place_ends(house: House, depot: Cast) -> None:  # noqa: F811
    rosa, bill, clara = depot
    with clara.inside() as place:
        old = place.member_id.hex
    code = read(rosa.sends(f"{rosa.site}/invitations", was=old)).by_id["code"]
    bill.sends(bill.reads(f"{rosa.site}/invitations").action("/seconding"))
    again = house.person()
    again.answers(code, "Clara the second")
    assert "Was Clara, as they say" in rosa.reads(f"{rosa.site}/members").words
    assert clara.opens(rosa.site).status_code == 200, "until they decide, nothing has changed"
    page = clara.reads(f"{clara.site}/members")
    question = next(action for action in page.actions if action.endswith("/answers")).removesuffix("/answers")
    assert answers(clara, question, "no") == 303
    assert "Was Clara" not in rosa.reads(f"{rosa.site}/members").words, "who has the words keeps the place"


def test_it_ends_by_itself_where_nobody_has_the_words(house: House, depot: Cast, days_pass: DaysPass) -> None:  # noqa: F811
    rosa, bill, clara = depot
    with clara.inside() as place:
        old = place.member_id.hex
        for by in ("Clara", "Bill"):
            Conversation.note(Contact.add(place.site_id, "Omar", by=by), by=by, note=f"{by}-talk")
        db.session.commit()
    code = read(rosa.sends(f"{rosa.site}/invitations", was=old)).by_id["code"]
    bill.sends(bill.reads(f"{rosa.site}/invitations").action("/seconding"))
    again = house.person()
    again.answers(code, "Clara the second")
    everybody_decides(rosa)
    days_pass(13.9)
    rosa.opens(rosa.site)
    assert "has ended" not in happened(rosa)
    assert "Clara-talk" not in own_talks(again)
    days_pass(0.2)
    rosa.opens(rosa.site)
    assert "The place of Clara has ended." in happened(rosa)
    assert clara.signs_in().status_code == 422
    assert "Clara-talk" in own_talks(again), "what they wrote is theirs"
    assert "Bill-talk" not in own_talks(again)


def own_talks(person: Person) -> str:
    """What they can take along of their own."""
    with person.inside() as place:
        return str(list(own.OwnTables(place, say_code).all()["talks.csv"]))


@ON_SQLITE
def test_nobody_is_put_out_by_it_who_still_comes(house: House, depot: Cast, days_pass: DaysPass) -> None:  # noqa: F811
    rosa, bill, clara = depot
    with clara.inside() as place:
        old = place.member_id.hex
    code = read(rosa.sends(f"{rosa.site}/invitations", was=old)).by_id["code"]
    bill.sends(bill.reads(f"{rosa.site}/invitations").action("/seconding"))
    house.person().answers(code, "Clara the second")
    everybody_decides(rosa)
    days_pass(2)
    clara.opens(clara.site)
    days_pass(20)
    rosa.opens(rosa.site)
    assert "has ended" not in happened(rosa)
    assert clara.opens(clara.site).status_code == 200


@ON_SQLITE
def test_an_old_yes_is_not_enough_once_the_others_are_away(house: House, depot: Cast, days_pass: DaysPass) -> None:  # noqa: F811
    rosa, _bill, clara = depot
    rosa.vouches(f"{rosa.site}/questions/deletion")
    days_pass(61)
    clara.opens(clara.site)
    assert clara.opens(clara.site).status_code == 200
    assert "Nothing is deleted: too few of you said yes." in happened(clara)


@ON_SQLITE
def test_a_newcomer_has_no_site_founded_by_the_id_of_another_form(house: House, depot: Cast) -> None:  # noqa: F811
    rosa, bill, _clara = depot
    dora = invited_by_two(house, rosa, bill, "Dora")
    form = uuid.uuid4().hex
    assert "code" in read(dora.sends(f"{dora.site}/invitations", form_id=form)).by_id
    answer = dora.sends(f"{dora.site}/founding-invitations", form_id=form)
    assert answer.status_code == 409
    assert "code" not in read(answer).by_id


@ON_SQLITE
def test_of_two_neither_puts_the_other_out(house: House, days_pass: DaysPass) -> None:  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    asks_to_put_out(rosa, "Bill")
    days_pass(13.9)
    assert bill.opens(bill.site).status_code == 200
    days_pass(0.2)
    rosa.opens(rosa.site)
    assert bill.opens(bill.site).status_code == 200
    assert "Bill is not put out" in happened(rosa)


def test_who_leaves_one_of_two_sites_is_told_and_stays_signed_in(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    form = read(bill.answers(rosa.invites("/founding-invitations")))
    bill.sends("/foundings/further", **form.hidden, **{**SITE, "site_name": "The Mill"})
    left = read(bill.opens(bill.vouches(f"{rosa.site}/departures").location)).words
    assert "You are not in that group any more" in left
    assert "account" not in left
    assert bill.opens("/sites").status_code == 200


def test_bill_leaves_and_the_key_changes(depot: Cast) -> None:
    rosa, bill, _clara = depot
    page = bill.reads(f"{rosa.site}/departures/new")
    assert "deleted, for good" not in page.words
    assert "Leave Depot North" in page.words
    answer = bill.vouches(page.action("/departures"))
    assert "your account is deleted" in read(bill.opens(answer.location)).words
    assert bill.client.get_cookie("device", domain="localhost") is None
    assert bill.opens(rosa.site).status_code == 303
    rosa.opens(rosa.site)  # after it the key is new
    told = happened(rosa)
    assert "Bill left." in told
    assert "The key of the group changed." in told


def test_the_last_one_is_warned_and_deletes_the_site(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    page = rosa.reads(f"{rosa.site}/departures/new")
    assert "the group and everything in it is deleted, for good" in page.words
    assert "Depot North" in page.words
    rosa.vouches(page.action("/departures"))
    assert rosa.opens(rosa.site).location.startswith("/sign-in")
    assert rosa.signs_in().status_code == 422


def test_where_only_locked_ones_are_left_they_are_let_in(depot: Cast) -> None:
    rosa, bill, clara = depot
    answers(bill, asks_to_put_out(rosa, "Clara"), "yes")
    assert clara.comes_back(rosa.site).status_code == 404
    rosa.vouches(f"{rosa.site}/departures")
    bill.vouches(f"{bill.site}/departures")
    assert clara.opens(clara.site).status_code == 200
    assert "Bill left." in happened(clara)


def test_everything_is_deleted_when_more_than_half_say_so_and_no_sooner(depot: Cast, days_pass: DaysPass) -> None:  # noqa: F811
    rosa, bill, clara = depot
    question = rosa.vouches(f"{rosa.site}/questions/deletion").location
    assert answers(bill, question, "yes") == 303
    assert "Shall everything this group has be deleted" in clara.reads(clara.site).words
    days_pass(3.1)
    clara.opens(clara.site)  # after it nothing is there
    for person in (rosa, bill, clara):
        assert person.opens(rosa.site).status_code == 303
        assert person.signs_in().status_code == 422


def test_a_third_is_never_enough_to_delete(house: House, depot: Cast, days_pass: DaysPass) -> None:  # noqa: F811
    rosa, bill, clara = depot
    question = rosa.vouches(f"{rosa.site}/questions/deletion").location
    days_pass(20)
    assert answers(clara, question, "no") == 303
    assert bill.opens(bill.site).status_code == 200


def test_the_rules_stand_in_ten_sentences_for_strangers_too(house: House) -> None:  # noqa: F811
    page = house.person().opens("/rules")
    assert page.text.count("<li>") >= 10
    assert "Nobody is in charge" in page.text
    assert "/rules" in house.rosa().reads("/protection").links


def test_sweeping_is_done_once_a_minute(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    swept: list[int] = []
    rosa = house.rosa()
    monkeypatch.setattr(invitations.Invitation, "sweep", lambda: swept.append(1))
    house.app.extensions["sweeper"].swept_at = None
    rosa.opens(rosa.site)
    rosa.opens(rosa.site)
    assert swept == [1]
    assert sweeper.SWEEP_S == 60


def everybody_decides(person: Person) -> None:
    from tests.full_site import all_met

    with person.inside() as place:
        all_met(place.site)
        members.db.session.commit()


@ON_BOTH
def test_answers_at_the_same_moment_are_all_counted(house: House, depot: Cast) -> None:  # noqa: F811
    """Each changes the same sealed value: one that another overwrote would be a voice that was never given."""
    rosa, bill, clara = depot
    others = [invited_by_two(house, rosa, bill, handle) for handle in ("Dora", "Emil", "Fay")]
    everybody_decides(rosa)
    question = rosa.vouches(f"{rosa.site}/exports").location
    everybody = [bill, clara, *others]
    with concurrent.futures.ThreadPoolExecutor(len(everybody)) as at_once:
        said = [("yes", "no")[index % 2] for index in range(len(everybody))]
        assert set(at_once.map(lambda one: answers(one[0], question, one[1]), zip(everybody, said, strict=True))) == {
            303
        }
    assert "4 yes · 2 no · 6 are asked" in rosa.reads(question).words


def test_the_list_shows_people_and_each_has_a_page_where_one_can_ask_that_they_go(depot: Cast) -> None:
    rosa, bill, _clara = depot
    listed = rosa.opens(f"{rosa.site}/members")
    assert "put out" not in listed.text
    assert "removal" not in listed.text
    page = place_of("Bill", rosa)
    assert page in read(listed).links
    assert "Ask that they be put out" in rosa.opens(page).text
    assert "Ask that they be put out" not in bill.opens(page).text, "oneself one cannot"
    question = asks_to_put_out(rosa, "Bill")
    assert question in rosa.reads(page).links
    assert rosa.vouches(f"{page}/removal").status_code in (303, 409)
