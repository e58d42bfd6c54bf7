"""A paper is proposed, read, agreed or objected to; what changes asks again, or is a correction everybody sees."""

from __future__ import annotations

import re

import pytest

from bulletin.press.jobs import Busy
from bulletin.press.mistake import Named, Phrase
from tests.homes import ON_SQLITE
from tests.refusals import too_long
from tests.web import writing
from tests.web.conftest import Page
from tests.web.house import House, Person, days_pass, errors, invited_by_two, read  # noqa: F401
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def bill(cast) -> Person:  # noqa: F811
    return cast["bill"]


@pytest.fixture
def paper(rosa) -> str:
    return writing.begin(rosa, "The lead.", "What came back.")


@pytest.fixture
def lead(rosa, paper) -> str:
    return writing.pieces(rosa, paper)[0]


def test_a_paper_goes_from_writing_to_proposed_to_agreed(rosa, bill, paper):
    assert writing.state(bill, paper) == "being written"
    writing.propose(rosa, paper)
    assert writing.state(bill, paper) == "proposed"
    assert "1 of 2 agree" in bill.reads(paper).words
    assert "not a legal ballot" in bill.reads(paper).words
    assert writing.speak(bill, paper).status_code == 303
    assert writing.state(rosa, paper) == "agreed"
    assert "Get the paper" in rosa.reads(paper).words


def test_what_does_not_fit_is_not_proposed_and_says_why_beside_its_piece(rosa, paper, lead, press):
    manuscript = writing.manuscript(rosa, paper).split("\n")
    line = manuscript.index("The lead.") + 1
    press.failure = too_long(9, 40, piece=Phrase(Named.ON_LINE, number=str(line)), line=line)
    answer = rosa.sends(f"{paper}/proposal")
    assert answer.status_code == 422
    assert errors(answer) == (
        "There is a problem It cannot be printed yet."
        " Side 2 is 9 lines too long: shorten ‘The lead.…’, or cut about 40 words."
    )
    piece = re.search(rf'id="a{lead[-36:].replace("-", "")}".*?</li>', answer.text, re.S)[0]
    assert "Side 2 is 9 lines too long: shorten ‘The lead.…’, or cut about 40 words." in piece
    assert writing.state(rosa, paper) == "being written"


def test_what_the_press_cannot_read_is_not_proposed(rosa):
    paper = writing.begin(rosa, "The lead.", headline="")
    answer = rosa.sends(f"{paper}/proposal")
    assert answer.status_code == 422
    assert "headline" in errors(answer)


def test_where_every_press_is_taken_one_is_told_to_wait(rosa, paper, press):
    press.failure = Busy()
    for path in ("proposal", "proofs"):
        answer = rosa.sends(f"{paper}/{path}")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "10"
        assert "All presses are at work" in errors(answer)
    assert writing.by_script(rosa, f"{paper}/proofs").json == {"busy": True}
    assert writing.state(rosa, paper) == "being written"


def test_measured_once_it_is_not_measured_again_until_it_changes(rosa, paper, lead, press):
    for _ in range(2):
        assert rosa.sends(f"{paper}/proofs").status_code == 303
    assert len(press.printed) == 1
    assert "Side 1 is 97" in rosa.reads(paper).words
    writing.save(rosa, lead, "Other words.")
    assert "When last measured: Side 1 is 97" in rosa.reads(paper).words
    answer = writing.by_script(rosa, f"{paper}/proofs", patience="none")
    assert (answer.json["current"], answer.json["sides"]) == (True, [0.97])
    assert len(press.printed) == 2


def test_who_objects_says_why_and_everybody_reads_it(rosa, bill, paper):
    writing.propose(rosa, paper)
    answer = writing.speak(bill, paper, "no", reason=" ")
    assert answer.status_code == 409
    assert "Say why you object" in errors(answer)
    assert writing.speak(bill, paper, "no", reason="The date is wrong.\nAnd <b>the gate</b>.").status_code == 303
    text = rosa.opens(paper).text
    assert "Bill objects:" in rosa.reads(paper).words
    assert "And &lt;b&gt;the gate" in text
    assert writing.state(rosa, paper) == "proposed"


def test_a_reason_longer_than_the_field_is_given_back(rosa, bill, paper):
    writing.propose(rosa, paper)
    answer = writing.speak(bill, paper, "no", reason="word " * 401)
    assert answer.status_code == 409
    assert Page(answer.text).typed("reason").split() == ["word"] * 401


def test_who_read_other_words_is_asked_to_read_again_and_keeps_their_reason(rosa, bill, paper, lead):
    writing.propose(rosa, paper)
    read_before = bill.reads(paper).hidden["digest"]
    writing.save(rosa, lead, "Other words.")
    for agrees in ("yes", "no"):
        answer = bill.sends(f"{paper}/voices", digest=read_before, agrees=agrees, reason="What I had to say.")
        assert answer.status_code == 409
        assert "changed it while you read" in errors(answer)
        assert Page(answer.text).typed("reason") == "What I had to say."
    assert writing.state(bill, paper) == "proposed"
    assert "Bill" not in re.search(r'id="voices".*?</ul>', bill.opens(paper).text, re.S)[0]


def test_whoever_agreed_to_earlier_words_is_asked_again(rosa, bill, paper, lead):
    writing.agreed(paper, rosa, bill)
    assert writing.save(rosa, lead, "Other words.", change="words").status_code == 303
    assert writing.state(bill, paper) == "proposed"
    assert "Bill agreed to earlier words" in rosa.reads(paper).words
    assert "1 paper to agree to" in bill.reads(bill.site).words


def test_a_change_of_what_is_agreed_says_which_kind_it_is(rosa, bill, paper, lead):
    writing.agreed(paper, rosa, bill)
    answer = writing.save(rosa, lead, "The leed.")
    assert answer.status_code == 422
    assert "Say whether you correct something" in writing.beside(answer, "change")
    assert Page(answer.text).typed("text") == "The leed."
    script = writing.by_script(rosa, lead, text="The leed.", version="1")
    assert (script.status_code, script.json["saved"]) == (422, False)
    assert writing.state(bill, paper) == "agreed"
    assert Page(rosa.opens(lead).text).typed("text") == "The lead."


def test_a_correction_waits_for_another_with_both_versions_and_is_on_their_first_page(rosa, bill, paper, lead):
    """One member alone turned an agreed "We do not go out" into "We go out"."""
    writing.save(rosa, lead, "We do not go out.")
    writing.agreed(paper, rosa, bill)
    answer = writing.save(bill, lead, "We go out.", change="correction")
    assert (answer.status_code, answer.location) == (303, f"{paper}#waiting")
    assert writing.state(rosa, paper) == "agreed"
    assert "We do not go out." in writing.manuscript(rosa, paper)
    assert writing.printed(rosa, paper)
    assert ["1 paper to agree to" in one.reads(one.site).words for one in (rosa, bill)] == [True, False]
    assert "you are asked" in rosa.reads(f"{rosa.site}/bulletins").words
    shown = rosa.opens(paper).text.partition('id="waiting"')[2].partition("</section>")[0]
    assert "We <del>do not </del>go out.</p>" in shown
    assert re.search(r"As .*Bill.* would have it</h3><p[^>]*>We go out.</p>", shown), shown
    assert "Yes, correct it" not in bill.opens(paper).text
    agreement = writing.waiting(rosa, paper)
    bill.sends(agreement)
    assert "We do not go out." in writing.manuscript(rosa, paper), "his own word is none of another"
    withdrawal = agreement.replace("agreement", "withdrawal")
    refused = rosa.sends(withdrawal)
    assert (refused.status_code, "whoever made" in errors(refused)) == (409, True)
    assert bill.sends(withdrawal).status_code == 303
    assert rosa.sends(agreement).status_code == 404, "it is there no more"
    assert "We do not go out." in writing.manuscript(rosa, paper)


def test_a_correction_that_another_agrees_to_is_in_the_paper_for_everybody_to_see(rosa, bill, paper, lead):
    writing.agreed(paper, rosa, bill)
    writing.save(bill, lead, "The leed.", change="correction")
    agreement = writing.waiting(rosa, paper)
    assert rosa.sends(agreement).status_code == 303
    assert writing.state(rosa, paper) == "agreed"
    text = rosa.opens(paper).text
    assert [words for words in ("<del>lead.</del>", "<ins>leed.</ins>") if words not in text] == []
    assert "with the word of Rosa" in rosa.reads(paper).words
    assert "The leed." in writing.manuscript(rosa, paper)
    assert writing.printed(rosa, paper)
    late = rosa.sends(agreement)
    assert (late.status_code, "does not wait any more" in errors(late)) == (409, True)


def test_the_address_the_imprint_and_the_date_are_no_corrections(rosa, bill, paper):
    """One member alone put the boss's address behind an agreed paper's QR code."""
    writing.agreed(paper, rosa, bill)
    for field, other in (("reply", "https://boss.example"), ("published_by", "The boss"), ("date", "2026-11-24")):
        refused = writing.save_header(bill, paper, **{field: other}, change="correction")
        assert (refused.status_code, "ask the others again" in writing.beside(refused, "change")) == (422, True)
        assert other in refused.text, "nothing typed is lost"
    assert writing.state(rosa, paper) == "agreed"
    assert "boss" not in writing.manuscript(rosa, paper)


def test_what_changes_more_is_no_correction_and_is_not_lost(rosa, bill, paper, lead):
    writing.agreed(paper, rosa, bill)
    words = "Quite another text, which goes on for more than the twelve words of a correction."
    answer = writing.save(bill, lead, words, change="correction")
    assert answer.status_code == 422
    assert "it is no correction" in writing.beside(answer, "change")
    assert Page(answer.text).typed("text") == words
    header = writing.save_header(bill, paper, strapline=words, change="correction")
    assert header.status_code == 422
    assert words in header.text
    assert writing.state(rosa, paper) == "agreed"


def test_a_proposal_is_taken_back_to_write_on(rosa, bill, paper):
    writing.propose(rosa, paper)
    assert bill.sends(f"{paper}/proposal/withdrawal").status_code == 303
    assert writing.state(rosa, paper) == "being written"
    again = bill.sends(f"{paper}/proposal/withdrawal")
    assert again.status_code == 409
    writing.propose(bill, paper)
    assert writing.state(rosa, paper) == "agreed", "to these words Rosa had agreed"


def test_proposing_twice_says_so_and_changes_nothing(rosa, paper):
    writing.propose(rosa, paper)
    assert rosa.sends(f"{paper}/proposal").status_code == 409
    assert writing.state(rosa, paper) == "proposed"


def test_everybody_is_asked_whether_another_number_must_agree(rosa, bill, paper, days_pass):  # noqa: F811
    asked = rosa.vouches(f"{rosa.site}/agreeing", needed="1")
    assert asked.status_code == 303
    assert "Shall one be enough to agree to a paper?" in bill.reads(bill.site).words
    assert bill.vouches(f"{asked.location}/answers", answer="yes").status_code == 303
    assert 'value="2"' in rosa.opens(f"{rosa.site}/bulletins").text
    days_pass(3.1)
    rosa.opens(rosa.site)
    assert 'value="1"' in rosa.opens(f"{rosa.site}/bulletins").text
    assert "So many must agree to a bulletin from now on: 1." in bill.reads(f"{bill.site}/events").words
    for wrong in ("0", "21", "", "x", "-1", "9999", "²"):
        refused = rosa.vouches(f"{rosa.site}/agreeing", needed=wrong)
        assert (refused.status_code, "Give a number from 1 to" in errors(refused)) == (409, True), wrong
    writing.propose(rosa, paper)
    assert writing.state(rosa, paper) == "agreed"


def test_who_does_not_decide_yet_has_no_voice_on_a_paper(cast, rosa, bill, paper):  # noqa: F811
    clara = invited_by_two(House(rosa.app, ""), rosa, bill, "Dora")
    writing.propose(clara, paper)
    assert "0 of 2 agree" in rosa.reads(paper).words
    writing.speak(bill, paper)
    assert writing.state(rosa, paper) == "proposed"
    writing.speak(rosa, paper)
    assert writing.state(rosa, paper) == "agreed"


def test_nobody_from_elsewhere_may_say_anything(rosa, cast, paper):  # noqa: F811
    writing.propose(rosa, paper)
    digest = rosa.reads(paper).hidden["digest"]
    answer = cast["stranger"].sends(f"{paper}/voices", digest=digest, agrees="no", reason="We forbid it.")
    assert answer.status_code == 403
    assert "forbid" not in rosa.opens(paper).text
    assert read(rosa.opens(paper)).words.count("agrees") == 1
