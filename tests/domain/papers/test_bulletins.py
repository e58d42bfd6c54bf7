"""A bulletin from its first word to the paper: written by several, agreed to, printed, handed out, given away."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import time
import uuid

import hypothesis
import pytest
import sqlalchemy as sa
from hypothesis import strategies as st

from bulletin.db import db, now, owned_tables
from bulletin.domain.papers import approval, articles, corrections, diff
from bulletin.domain.papers.approval import Correction, Said, Voice, count_voices
from bulletin.domain.papers.articles import ARTICLES_MAX, TEXT_MAX, Article, Stale, Version
from bulletin.domain.papers.bulletins import Bulletin, State
from bulletin.domain.papers.distributions import Distribution, Went
from bulletin.domain.papers.headers import FIELDS, HEADER, head_of, lines_of
from bulletin.domain.papers.pictures import PICTURES_MAX, Picture
from bulletin.domain.papers.print_tickets import OPEN_MAX, PrintTicket
from bulletin.domain.papers.printings import COPIES_MAX, Measure, Printing, Proof
from bulletin.domain.papers.refusals import Why
from bulletin.domain.papers.written import Written, digest as digest_of
from bulletin.domain.portability import leaving
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.governance import consequences, register
from bulletin.domain.site.governance.roll import Matter
from bulletin.domain.site.refusals import Why as SiteWhy
from bulletin.press.parts import TEXT, Part, join
from tests.domain.conftest import Person
from tests.full_site import notebook
from tests.refusals import not_allowed

FIELDS_OF_ONE = {"kind": "regular", "language": "en", "headline": "Nobody drives alone", "number": "7"}
SHEET = b"%PDF one sheet"
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def here(depot, rosa):
    """The Depot, opened by Rosa."""
    with rosa.inside(depot):
        yield depot
        db.session.rollback()


@pytest.fixture
def paper(here):
    """A lead and a story in front, another story on the back."""
    return begun(here, Part(TEXT, "", "The lead."), Part("echo", "Bay 4", "The door."), Part("echo", "", "Back.", 2))


def begun(site, *written, by="Rosa", **fields):
    bulletin = Bulletin.begin(site)
    articles.begin(bulletin, {**FIELDS_OF_ONE, **fields}, written, by=by)
    db.session.commit()
    return bulletin


def first(bulletin) -> Article:
    return Written(bulletin).articles[0]


def texts(bulletin) -> list[list[str]]:
    """What stands on each side, as it stands."""
    db.session.flush()
    return [[article.text for article in side] for side in Written(bulletin).sides]


def digest(bulletin) -> str:
    db.session.flush()
    return Written(bulletin).digest


def saved(article, text, by="Rosa", **more):
    done = article.save(more.pop("title", ""), text, by=by, based_on=more.pop("based_on", article.version), **more)
    db.session.flush()
    return done


def change(bulletin, text, by, site, **more):
    """Give the first article other words."""
    db.session.flush()
    written = Written(bulletin)
    article = written.articles[0]
    done = corrections.change(written, article, article.title, text, by.at(site), based_on=article.version, **more)
    db.session.flush()
    return done


def put_right(bulletin, text, site, by, other, **more):
    """Give the first article other words, with the word of another who decides."""
    change(bulletin, text, by, site, correction=True, **more)
    corrections.agree(bulletin, waiting(bulletin, site)[-1], other.at(site))
    db.session.flush()


def waiting(bulletin, site):
    return Correction.waiting(bulletin, register.standing_of(site))


def agreed(bulletin, site, *people):
    approval.propose(bulletin, people[0].at(site), digest(bulletin))
    for person in people[1:]:
        approval.speak(bulletin, person.at(site), digest(bulletin), agrees=True)
    db.session.commit()
    return bulletin


def printed(bulletin, by="Rosa", pdf=SHEET, **more):
    made = Printing.make(bulletin, Written(bulletin), "a4", pdf, of=Written(bulletin).digest, by=by, **more)
    db.session.commit()
    return made


def planned(bulletin, starts_in=HOUR, lasts=2 * HOUR, place="Gate B"):
    start = now() + starts_in
    made = Distribution.plan(bulletin, place, start, start + lasts, by="Rosa")
    db.session.commit()
    return made


# Written by several.


def test_what_one_person_saves_in_one_sitting_is_one_version(paper, later):
    article = first(paper)
    for text in ("The lead, longer.", "The lead, longer still."):
        later(minutes=4)
        assert saved(article, text)
    assert [old.text for old in Version.of(article)] == ["The lead."]  # what it was begun with
    later(minutes=7)
    assert saved(article, "The next sitting.")
    assert [(old.text, old.by, old.number) for old in Version.of(article)] == [
        ("The lead, longer still.", "Rosa", 3),
        ("The lead.", "Rosa", 1),
    ]
    saved(article, "Bill’s.", by="Bill")
    assert [old.text for old in Version.of(article)][:2] == ["The next sitting.", "The lead, longer still."]
    assert (article.by, article.version) == ("Bill", 5)


def test_what_a_thumb_deletes_at_once_is_kept(paper):
    article = first(paper)
    saved(article, "The lead, and all that Rosa had typed on the bus.")
    saved(article, "")
    saved(article, "x")
    assert "The lead, and all that Rosa had typed on the bus." in [old.text for old in Version.of(article)]


def test_saving_the_same_words_is_no_saving(paper):
    article = first(paper)
    assert not saved(article, "The lead.", by="Bill", based_on=0)
    assert (article.by, article.version, Version.of(article)) == ("Rosa", 1, [])


def test_a_stale_save_raises_and_changes_nothing(paper):
    article = first(paper)
    saved(article, "Bill’s.", by="Bill", based_on=1)
    before = (article.body, article.version)
    with pytest.raises(Stale) as stale:
        saved(article, "Rosa’s.", based_on=1)
    assert stale.value.theirs is article
    assert (article.body, article.version) == before
    assert [old.text for old in Version.of(article)] == ["The lead."]


def test_two_write_two_pieces_at_once_and_neither_is_stale(paper):
    one, other, _ = Written(paper).articles
    assert saved(one, "Rosa’s.")
    assert saved(other, "Bill’s.", by="Bill", based_on=1)
    assert texts(paper) == [["Rosa’s.", "Bill’s."], ["Back."]]


def test_a_text_longer_than_the_press_takes_is_refused_and_the_old_one_stays(paper):
    article = first(paper)
    with not_allowed(Why.ARTICLE_TOO_LONG, most=50_000):
        saved(article, "x" * (TEXT_MAX + 1))
    assert article.text == "The lead."


def test_a_piece_taken_out_comes_back_to_its_place(paper):
    lead, door, back = Written(paper).articles
    for article in (lead, door, back):
        before = texts(paper)
        article.delete(paper)
        db.session.flush()
        assert not any(article.text in side for side in texts(paper))
        assert Written(paper).deleted == [article]
        article.bring_back(paper)
        assert texts(paper) == before
        article.bring_back(paper)
        assert texts(paper) == before, "a second tap does nothing"


def test_what_is_taken_out_can_still_be_written_in(paper):
    lead = first(paper)
    lead.delete(paper)
    saved(lead, "Typed while the other took it out.", by="Bill", based_on=1)
    lead.delete(paper)
    lead.bring_back(paper)
    assert texts(paper)[0] == ["Typed while the other took it out.", "The door."]


def test_nobody_takes_out_the_header(paper):
    header = Written(paper).header
    header.delete(paper)
    assert header.deleted_on is None
    assert header.name == HEADER


MOVES = (
    ("The lead.", ["up"], ["The lead.", "The door."], ["Back."]),
    ("The lead.", ["down"], ["The door.", "The lead."], ["Back."]),
    ("The lead.", ["down", "down"], ["The door."], ["The lead.", "Back."]),
    ("The lead.", ["down", "down", "down"], ["The door."], ["Back.", "The lead."]),
    ("The lead.", ["down", "down", "down", "down"], ["The door."], ["Back.", "The lead."]),
    ("Back.", ["up"], ["The lead.", "The door.", "Back."], []),
    ("Back.", ["side"], ["The lead.", "The door.", "Back."], []),
    ("The lead.", ["side"], ["The door."], ["The lead.", "Back."]),
    ("The lead.", ["side", "side"], ["The door.", "The lead."], ["Back."]),
    ("The door.", ["sideways", ""], ["The lead.", "The door."], ["Back."]),
)


def test_pieces_move_and_go_from_side_to_side(paper):
    as_it_was = paper.order
    for text, ways, front, back in MOVES:
        paper.order = as_it_was
        article = next(one for one in Written(paper).articles if one.text == text)
        for way in ways:
            paper.move(article.id, way)
        assert texts(paper) == [front, back], (text, ways)


def test_what_is_taken_out_does_not_move(paper):
    lead = first(paper)
    lead.delete(paper)
    paper.move(lead.id, "down")
    assert texts(paper) == [["The door."], ["Back."]]


def test_a_bulletin_holds_a_hundred_pieces(here):
    bulletin = begun(here)
    for number in range(ARTICLES_MAX - 1):  # and the header
        Article.write(bulletin, Part("echo", "", f"Story {number}"), by="Rosa")
    with not_allowed(Why.ARTICLES_FULL):
        Article.write(bulletin, Part("echo"), by="Rosa")


def test_the_same_piece_sent_twice_is_one(paper):
    sent = first(paper).id
    assert Article.write(paper, Part("echo", "", "Again."), by="Bill", article_id=sent) is first(paper)
    assert texts(paper) == [["The lead.", "The door."], ["Back."]]


def test_an_empty_piece_is_not_printed_and_changes_no_words(paper):
    before = digest(paper)
    Article.write(paper, Part("article", "A heading", "  \n"), by="Bill", question="What is won?")
    assert digest(paper) == before


def test_a_header_holds_one_line_for_each_field(here):
    bulletin = begun(here, headline="Two\nlines: and a colon", **{"printed by": "Us", "published by": "Drivers."})
    written = Written(bulletin)
    assert written.fields["headline"] == "Two lines: and a colon"
    assert set(written.fields) <= set(FIELDS)
    assert "imprint: Drivers. Us." in written.source.text
    assert Article.headers(here.id)[bulletin.id] == written.fields


def test_lists_show_the_last_touched_first_and_not_what_was_put_away(here, later):
    one, other = begun(here), begun(here)
    later(minutes=1)
    one.touch()
    db.session.commit()
    assert Bulletin.at(here) == [one, other]
    one.put_away()
    assert (Bulletin.at(here), Bulletin.put_away_at_site(here)) == ([other], [one])
    later(minutes=1)
    one.bring_back()
    assert (Bulletin.at(here), Bulletin.put_away_at_site(here)) == ([one, other], [])


PEOPLE = ("Rosa", "Bill")
deeds = st.one_of(
    st.tuples(st.sampled_from(PEOPLE), st.just("save"), st.integers(0, 2)),
    st.tuples(st.sampled_from(PEOPLE), st.just("look"), st.integers(0, 2)),
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(["delete", "undo", "up", "down", "side"]), st.integers(0, 2)),
    st.tuples(st.just(""), st.just("wait"), st.sampled_from([1, 6, 11])),
)


@hypothesis.given(st.lists(deeds, max_size=25))
@hypothesis.settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[*hypothesis.HealthCheck],
)
def test_whatever_two_do_no_words_are_lost(here, later, history):
    bulletin = begun(here, Part(TEXT, "", "lead"), Part("echo", "", "door"), Part("echo", "", "back", 2))
    every = Written(bulletin).articles
    said = {article.id: [(article.text, "Rosa", 0)] for article in every}
    seen = {(person, index): 1 for person in PEOPLE for index in range(len(every))}
    minutes = 0
    for count, (who, deed, what) in enumerate(history):
        article = every[what % len(every)]
        if deed == "wait":
            later(minutes=what)
            minutes += what
        elif deed == "look":
            seen[who, what] = article.version
        elif deed == "save":
            fresh = seen[who, what] == article.version
            try:
                saved(article, f"text {count}", by=who, based_on=seen[who, what])
            except Stale:
                assert not fresh
                continue
            assert fresh
            said[article.id].append((f"text {count}", who, minutes))
            seen[who, what] = article.version
        elif deed == "delete":
            article.delete(bulletin)
        elif deed == "undo":
            article.bring_back(bulletin)
        else:
            bulletin.move(article.id, deed)
    db.session.commit()
    stand = [one for there in bulletin.order for one in there]
    gone = [article.id.hex for article in Written(bulletin).deleted]
    assert sorted(stand + gone) == sorted(article.id.hex for article in every)
    for article in every:
        kept = {article.text, *(version.text for version in Version.of(article))}
        then = said[article.id]
        assert article.text == then[-1][0]
        for (text, who, at), (_, after, later_on) in itertools.pairwise(then):
            assert text in kept or (who == after and later_on - at <= 10), (text, then)


# Agreed.


def test_one_alone_agrees_by_proposing(paper, here, rosa):
    approval.propose(paper, rosa.at(here), digest(paper))
    assert paper.stage is State.AGREED
    assert paper.agreed.by == ("Rosa",)


def test_of_two_both_have_to_agree(paper, here, rosa, bill, join):
    join(bill)
    approval.propose(paper, rosa.at(here), digest(paper))
    assert paper.stage is State.PROPOSED
    assert approval.waiting_for(bill.at(here), [paper]) == [paper]
    assert approval.waiting_for(rosa.at(here), [paper]) == []
    approval.speak(paper, bill.at(here), digest(paper), agrees=True)
    assert paper.stage is State.AGREED
    assert approval.waiting_for(bill.at(here), [paper]) == []


def test_a_site_says_how_many_have_to_agree(here, rosa, bill, clara, join):
    join(bill)
    join(clara)
    for rule, stage in ((1, State.AGREED), (2, State.PROPOSED), (3, State.PROPOSED), (20, State.PROPOSED)):
        set_number(here, rule)
        bulletin = begun(here, Part(TEXT, "", "Words."))
        approval.propose(bulletin, rosa.at(here), digest(bulletin))
        assert bulletin.stage is stage, rule
        approval.speak(bulletin, clara.at(here), digest(bulletin), agrees=True)
        assert bulletin.stage is State.AGREED, "nobody waits for more than more than half of those who come"


def set_number(site, number: int) -> None:
    """So many must agree from now on."""
    register.keep(site, dataclasses.replace(register.roll_of(site), number=number))
    db.session.flush()


def test_who_does_not_decide_yet_is_not_counted(paper, here, rosa, bill, clara, join):
    join(bill)
    join(clara, decides=False)
    approval.propose(paper, clara.at(here), digest(paper))
    approval.speak(paper, rosa.at(here), digest(paper), agrees=True)
    assert paper.stage is State.PROPOSED, "two have spoken, and one of them decides"
    approval.speak(paper, bill.at(here), digest(paper), agrees=True)
    assert paper.stage is State.AGREED


def test_more_must_agree_than_object(paper, here, rosa, bill, clara, join):
    join(bill)
    join(clara)
    set_number(here, 1)
    approval.propose(paper, rosa.at(here), digest(paper))
    assert paper.stage is State.AGREED, "by the rule of one"
    other = begun(here, Part(TEXT, "", "Words."))
    set_number(here, 2)
    approval.propose(other, rosa.at(here), digest(other))
    for person in (bill, clara):
        approval.speak(other, person.at(here), digest(other), agrees=False, reason="Not like this.")
    count = count_voices(other, here, digest(other))
    assert ([voice.by for voice in count.agree], [voice.by for voice in count.object]) == (["Rosa"], ["Bill", "Clara"])
    set_number(here, 1)
    assert not count_voices(other, here, digest(other)).met, "as many as the rule asks for agree, and more object"
    set_number(here, 2)
    approval.speak(other, bill.at(here), digest(other), agrees=True)
    assert other.stage is State.AGREED, "two agree, and one objects"


def test_who_objects_says_why_and_may_change_their_mind(paper, here, rosa, bill, join):
    join(bill)
    approval.propose(paper, rosa.at(here), digest(paper))
    with not_allowed(Why.OBJECTION_NEEDED):
        approval.speak(paper, bill.at(here), digest(paper), agrees=False, reason="  ")
    approval.speak(paper, bill.at(here), digest(paper), agrees=False, reason=" The date. ")
    assert [voice.reason for voice in Voice.about(paper) if not voice.agrees] == ["The date."]
    approval.speak(paper, bill.at(here), digest(paper), agrees=True)
    assert len(Voice.about(paper)) == 2
    assert paper.stage is State.AGREED


def test_a_draft_is_not_agreed_to_and_a_proposal_not_proposed_again(paper, here, rosa, bill, join):
    join(bill)
    with not_allowed(Why.STILL_WRITTEN):
        approval.speak(paper, bill.at(here), digest(paper), agrees=True)
    with not_allowed(Why.NOT_TO_TAKE_BACK):
        approval.take_back(paper)
    approval.propose(paper, rosa.at(here), digest(paper))
    with not_allowed(Why.PROPOSED_ALREADY):
        approval.propose(paper, bill.at(here), digest(paper))
    approval.take_back(paper)
    assert paper.stage is State.DRAFT


def test_a_change_of_words_asks_everybody_again(paper, here, rosa, bill, join):
    join(bill)
    agreed(paper, here, rosa, bill)
    with not_allowed(Why.SAY_WHETHER):
        change(paper, "Other words.", rosa, here)
    db.session.rollback()
    assert (first(paper).text, paper.stage) == ("The lead.", State.AGREED)
    change(paper, "Other words.", rosa, here, correction=False)
    assert (paper.stage, paper.agreed) == (State.PROPOSED, None)
    count = count_voices(paper, here, digest(paper))
    assert (count.agree, count.object, [voice.by for voice in count.earlier]) == ((), (), ["Rosa", "Bill"])
    assert approval.waiting_for(rosa.at(here), [paper]) == [paper]
    change(paper, "The lead.", bill, here)
    assert paper.stage is State.AGREED, "to these words they had agreed"


def test_moving_or_taking_out_a_piece_asks_again_too(paper, here, rosa, bill, join):
    join(bill)
    agreed(paper, here, rosa, bill)
    paper.move(first(paper).id, "down")
    approval.update_state(paper, here, digest(paper))
    assert paper.stage is State.PROPOSED


def test_the_voice_of_who_has_gone_counts_no_more(paper, here, rosa, bill, clara, join):
    join(bill)
    join(clara)
    here.agreeing = 3
    agreed(paper, here, rosa, bill)
    leaving.leave(bill.at(here))
    db.session.flush()
    count = count_voices(paper, here, digest(paper))
    assert ([voice.by for voice in count.agree], count.needed, count.met) == (["Rosa"], 2, False)


def test_the_voice_of_who_is_locked_out_does_not_count(paper, here, rosa, bill, clara, join):
    join(bill)
    join(clara)
    for person in (rosa, bill):
        consequences.ask(person.at(here), Matter.REMOVAL, clara.member.id.hex)
    approval.propose(paper, rosa.at(here), digest(paper))
    clara_s = Said(member=clara.member.id.hex, by="Clara", digest=digest(paper), agrees=True, at=now().isoformat())
    db.session.add(Voice(site=here, bulletin_id=paper.id, said=clara_s))
    db.session.flush()
    count = count_voices(paper, here, digest(paper))
    assert ([voice.by for voice in count.agree], count.needed) == (["Rosa"], 2)


def test_a_correction_waits_for_another_and_stays_agreed(paper, here, rosa, bill, join):
    """One member alone turned an agreed "We do not go out" into "We go out"."""
    join(bill)
    change(paper, "We do not go out. Not now.", rosa, here)
    agreed(paper, here, rosa, bill)
    for other in ("We go out. Not now.", "We do not go out. Now now.", "We do not go out: Not now."):
        change(paper, other, bill, here, correction=True)
        assert (first(paper).text, paper.stage) == ("We do not go out. Not now.", State.AGREED), "the old words"
        assert paper.agreed_digest == digest(paper)
        assert [approval.waiting_for(one.at(here), [paper]) for one in (rosa, bill)] == [[paper], []]
    (correction,) = waiting(paper, here)  # one of each member for each piece
    corrections.agree(paper, correction, bill.at(here))
    assert "do not go out." in first(paper).text, "whoever made it is nobody else"
    corrections.agree(paper, correction, rosa.at(here))
    assert (first(paper).text, paper.stage, paper.agreed_digest) == (
        "We do not go out: Not now.",
        State.AGREED,
        digest(paper),
    )
    what = Correction.of(paper)[0].what
    assert (what.by, what.agreed_by, what.before, what.after) == (
        *("Bill", ("Rosa",)),
        *("We do not go out. Not now.", "We do not go out: Not now."),
    )
    assert (what.text, what.member, what.wanted_by) == ("", "", ()), "not kept for longer than it waits"
    assert (waiting(paper, here), approval.waiting_for(rosa.at(here), [paper])) == ([], [])
    with not_allowed(Why.CORRECTION_GONE):
        corrections.agree(paper, correction, rosa.at(here))
    assert printed(paper)


def test_alone_one_changes_spaces_and_line_breaks_and_the_place_of_a_picture(paper, here, rosa, bill, join):
    join(bill)
    change(paper, "We are nowhere near it.\nWe stay.", rosa, here)
    _, piece = picture(paper)
    db.session.flush()
    agreed(paper, here, rosa, bill)
    change(paper, "We are nowhere\n\nnear it.   We stay.", rosa, here, correction=True)
    paper_now = digest(paper)
    assert (first(paper).text, paper.agreed_digest) == ("We are nowhere\n\nnear it.   We stay.", paper_now)
    corrections.rearrange(Written(paper), rosa.at(here), lambda: paper.move(piece.id, "up"))
    assert paper_now != paper.agreed_digest == digest(paper)
    assert len(count_voices(paper, here, digest(paper)).agree) == 2, "and who agreed still agrees"
    for words in ("We are now here\n\nnear it. We stay.", "We are nowhere\n::: side\nnear it. We stay."):
        change(paper, words, rosa, here, correction=True)
        assert "\n\nnear" in first(paper).text, words
    corrections.rearrange(Written(paper), rosa.at(here), lambda: paper.move(first(paper).id, "side"))
    assert (paper.stage, waiting(paper, here)) == (State.PROPOSED, [])


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("demands", "No cuts and no more nights.", "No cuts\nand no more nights."),  # two, and numbered
        ("image", "A gate now\n\nWe go", "A gate\n\nnow We go"),  # what can be seen is not printed
        ("text", "We stay. ::: echo Not so", "We stay.\n::: echo Not so"),
    ],
)
def test_a_line_break_that_prints_something_else_waits_too(here, rosa, bill, join, name, before, after):
    join(bill)
    paper = begun(here, Part(name, "picture" if name == "image" else "", before), Part("echo", "", "More."))
    agreed(paper, here, rosa, bill)
    change(paper, after, rosa, here, correction=True)
    assert (first(paper).text, len(waiting(paper, here))) == (before, 1)


def test_a_correction_needs_two_who_decide(paper, here, rosa, bill, clara, join):
    join(bill)
    join(clara, bill)
    agreed(paper, here, rosa, bill)
    newcomer = Person("Dora")
    join(newcomer, bill, decides=False)
    change(paper, "The leed.", newcomer, here, correction=True)
    (correction,) = waiting(paper, here)
    with not_allowed(SiteWhy.DOES_NOT_DECIDE):
        corrections.agree(paper, correction, newcomer.at(here))
    corrections.agree(paper, correction, bill.at(here))
    assert first(paper).text == "The lead.", "a newcomer and who brought them are one voice"
    corrections.agree(paper, correction, rosa.at(here))
    assert first(paper).text == "The leed."


def test_a_correction_lapses_is_taken_back_and_goes_with_who_made_it(paper, here, rosa, bill, clara, join):
    join(bill)
    join(clara, bill)
    agreed(paper, here, rosa, bill)
    change(paper, "The leed.", bill, here, correction=True)
    (correction,) = waiting(paper, here)
    with not_allowed(Why.CORRECTION_ANOTHERS):
        corrections.take_back(correction, rosa.at(here))
    corrections.take_back(correction, bill.at(here))
    db.session.flush()
    assert (waiting(paper, here), first(paper).text) == ([], "The lead.")
    change(paper, "The leed.", bill, here, correction=True)
    change(paper, "The lede.", clara, here, correction=True)
    his, hers = waiting(paper, here)
    for person in (rosa, bill):
        consequences.ask(person.at(here), Matter.REMOVAL, clara.member.id.hex)
    assert waiting(paper, here) == [his], "who is locked out has no say"
    with not_allowed(Why.CORRECTION_GONE):
        corrections.agree(paper, hers, rosa.at(here))
    change(paper, "Other words.", rosa, here, correction=False)
    assert list(db.session.scalars(Correction.rows_of(paper))) == [], "of words that are there no more"


def test_more_than_twelve_words_are_no_correction(paper, here, rosa):
    agreed(paper, here, rosa)
    change(paper, " ".join("abcdefghijk") + " The lead.", rosa, here, correction=True)
    with not_allowed(Why.TOO_MANY_WORDS, most=12):
        change(paper, " ".join("nopqrstuvwxyz"), rosa, here, correction=True)
    db.session.rollback()
    assert paper.stage is State.AGREED


def test_nothing_is_corrected_before_it_is_agreed(paper, here, rosa, bill, join):
    join(bill)
    approval.propose(paper, rosa.at(here), digest(paper))
    with not_allowed(Why.NOTHING_AGREED):
        written = Written(paper)
        corrections._correct(written, first(paper), "", "Two.", rosa.at(here), based_on=1, name="")


def test_words_changed_counts_what_goes_in_or_out():
    assert diff.words_changed("on Monday at five", "on Tuesday at half five") == 2
    assert diff.words_changed("one two three", "") == 3
    assert diff.words_changed("", "") == 0


# Printed.


def test_only_agreed_words_are_printed(paper, here, rosa):
    with not_allowed(Why.NOT_AGREED):
        printed(paper)
    agreed(paper, here, rosa)
    first(paper).save("", "Slipped in.", by="Bill", based_on=1)
    db.session.flush()
    with not_allowed(Why.NOT_AGREED):
        printed(paper)
    assert Printing.all_of(paper) == []


def test_what_was_kept_while_it_was_written_goes_when_it_is_printed(paper, here, rosa):
    lead, door, _ = Written(paper).articles
    saved(lead, "Better.", by="Bill")
    saved(door, "Taken out soon.", by="Bill")
    door.delete(paper)
    agreed(paper, here, rosa)
    assert Version.of(lead)
    assert Version.of(door)
    printed(paper)
    assert paper.stage is State.PRINTED
    assert (Version.of(lead), Written(paper).deleted) == ([], [])
    assert texts(paper) == [["Better."], ["Back."]]
    assert not db.session.scalar(sa.select(sa.func.count()).select_from(Version).filter_by(site_id=here.id))


def test_a_reprint_is_the_same_sheet_byte_for_byte(paper, here, rosa):
    agreed(paper, here, rosa)
    every_byte = b"%PDF" + bytes(range(256)) * 40
    made = printed(paper, pdf=every_byte, copies=250).id
    db.session.expire_all()
    again = Printing.of(paper, made)
    assert (again.sheet, again.copies, again.paper, again.by) == (every_byte, 250, "a4", "Rosa")
    assert Printing.printed_at(here.id) == {paper.id}


def test_a_printing_sent_twice_is_one(paper, here, rosa):
    agreed(paper, here, rosa)
    sent = printed(paper).id
    assert printed(paper, pdf=b"other", form_id=sent).sheet == SHEET
    assert len(Printing.all_of(paper)) == 1


def test_copies_are_counted_by_people(paper, here, rosa):
    agreed(paper, here, rosa)
    for copies in (-1, 100_001):
        with not_allowed(Why.COPIES_NEEDED, most=COPIES_MAX):
            printed(paper, copies=copies)


def test_what_changes_after_print_is_asked_about_again(paper, here, rosa, bill, join):
    join(bill)
    agreed(paper, here, rosa, bill)
    printed(paper)
    put_right(paper, "The leed.", here, rosa, bill)
    assert paper.stage is State.PRINTED
    change(paper, "Something else.", rosa, here, correction=False)
    assert paper.stage is State.PROPOSED
    assert Printing.printed_at(here.id) == {paper.id}


def test_the_last_measure_is_kept_for_each_paper(paper):
    Proof.keep(paper, "a4", Measure("one", fullness=(0.9, 0.5), size_pt=10.5), SHEET)
    Proof.keep(paper, "letter", Measure("one", problem="Too long.", line=7), b"")
    Proof.keep(paper, "a4", Measure("two", fullness=(1.0,)), b"%PDF two")
    db.session.commit()
    found = [Proof.of(paper, size) for size in ("a4", "letter")]
    assert [(one.measure.digest, one.sheet) for one in found] == [("two", b"%PDF two"), ("one", b"")]
    assert found[0].measure == Measure("two", fullness=(1.0,))
    assert (found[1].measure.problem, found[1].measure.line) == ("Too long.", 7)


# Handed out, and given away.


UNPLANNED = (
    ("", HOUR, HOUR, Why.PLACE_NEEDED),
    ("x" * 121, HOUR, HOUR, Why.PLACE_NEEDED),
    ("Gate", HOUR, 0 * HOUR, Why.ENDS_TOO_EARLY),
    ("Gate", HOUR, -HOUR, Why.ENDS_TOO_EARLY),
    ("Gate", HOUR, 49 * HOUR, Why.LASTS_TOO_LONG),
    ("Gate", 367 * 24 * HOUR, HOUR, Why.A_YEAR_AWAY),
    ("Gate", -367 * 24 * HOUR, HOUR, Why.A_YEAR_AGO),
)


def test_a_hand_out_has_a_place_and_a_time(paper, here):
    for place, starts_in, lasts, code in UNPLANNED:
        with not_allowed(code):
            planned(paper, starts_in, lasts, place)
    assert Distribution.at(here.id) == []


def test_the_next_hand_out_is_the_one_that_comes_or_is_going_on(paper, here, later):
    assert Distribution.next_at(here.id) is None
    second, one = planned(paper, 30 * HOUR), planned(paper)
    assert Distribution.next_at(here.id) == one
    later(hours=2)
    assert Distribution.next_at(here.id) == one
    later(hours=2)
    assert one.over
    assert Distribution.next_at(here.id) == second
    assert Distribution.all_of(paper) == [one, second]


def test_how_it_went_is_noted(paper, later):
    one = planned(paper)
    later(hours=4)
    one.say_how_it_went("They took them all.", 180, by="Bill")
    db.session.commit()
    assert one.went == Went(words="They took them all.", copies=180, by="Bill")
    with not_allowed(Why.TEXT_TOO_LONG, most=2_000):
        one.say_how_it_went("x" * 2001, 0, by="Bill")


@pytest.fixture
def run(paper, here, rosa):
    agreed(paper, here, rosa)
    return printed(paper)


def test_a_ticket_gives_that_sheet_however_its_letters_are_typed(paper, run, here):
    one = planned(paper)
    letters = PrintTicket.issue(run, one, by="Rosa")
    db.session.commit()
    assert len(letters) == 16
    for typed in (letters, letters.upper(), "-".join((letters[:8], letters[8:])), f" {letters[:4]} {letters[4:]} "):
        assert PrintTicket.sheet_for(typed) == SHEET
    assert [told.letters for told in one.tickets] == [letters]


def test_other_letters_open_nothing(paper, run):
    right = PrintTicket.issue(run, planned(paper), by="Rosa")
    wrong = ("", "-", "0" * 16, "u" * 16, right[:15], f"{right}0", "é" * 16, "0" * 600, "\0" * 16)
    assert [typed for typed in wrong if PrintTicket.sheet_for(typed) is not None] == []


def test_the_letters_are_nowhere_in_the_database(paper, run, home, here):
    one = planned(paper)
    letters = PrintTicket.issue(run, one, by="Rosa")
    db.session.commit()
    with home.engine().connect() as connection:
        rows = [
            value
            for name in sa.inspect(connection).get_table_names()
            for row in connection.execute(sa.select(sa.text("*")).select_from(sa.table(name)))
            for value in row
        ]
    told = [bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in rows]
    assert any(SHEET not in value for value in told)
    assert not any(letters.encode() in value or SHEET in value for value in told)


def test_a_ticket_ends_with_its_hand_out_and_moves_with_it(paper, run, here, later):
    one = planned(paper)
    letters = PrintTicket.issue(run, one, by="Rosa")
    later(hours=2)
    assert PrintTicket.sheet_for(letters) == SHEET
    one.change("Gate C", now() + 5 * HOUR, now() + 6 * HOUR)
    PrintTicket.follow(one)
    db.session.commit()
    later(hours=3, minutes=30)
    assert PrintTicket.sheet_for(letters) == SHEET, "the hand-out was put off, and so was its end"
    later(hours=1)
    assert PrintTicket.sheet_for(letters) is None
    with not_allowed(Why.HAND_OUT_OVER):
        PrintTicket.issue(run, one, by="Rosa")
    later(days=1, hours=7)
    PrintTicket.sweep()
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PrintTicket)) == 0


def test_a_ticket_that_a_release_before_has_made_lasts_until_the_end_of_its_day(paper, run, stopped):
    one = planned(paper)
    letters = PrintTicket.issue(run, one, by="Rosa")
    (ticket,) = db.session.scalars(sa.select(PrintTicket))
    assert ticket.ends_on == one.end.date()
    ticket.end_moment = None
    stopped(f"{one.end.date()}T23:59+00:00")
    assert PrintTicket.sheet_for(letters) == SHEET
    stopped(f"{one.end.date() + datetime.timedelta(days=1)}T00:00+00:00")
    assert PrintTicket.sheet_for(letters) is None


def test_a_ticket_is_taken_back_alone_and_all_with_their_hand_out(paper, run):
    one, other = planned(paper), planned(paper)
    letters = [PrintTicket.issue(run, out, by="Rosa") for out in (one, one, other)]
    db.session.flush()
    wanted = next(told for told in one.tickets if told.letters == letters[0])
    ticket = next(row for row in db.session.scalars(sa.select(PrintTicket)) if str(row.id) == wanted.id)
    PrintTicket.end(one, ticket.id)
    db.session.flush()
    assert [PrintTicket.sheet_for(typed) for typed in letters] == [None, SHEET, SHEET]
    PrintTicket.end_all(one)
    one.cancel()
    db.session.flush()
    assert [PrintTicket.sheet_for(typed) for typed in letters] == [None, None, SHEET]


def test_a_hand_out_has_ten_tickets_at_most(paper, run):
    one = planned(paper)
    for _ in range(OPEN_MAX):
        PrintTicket.issue(run, one, by="Rosa")
    with not_allowed(Why.TICKETS_FULL):
        PrintTicket.issue(run, one, by="Rosa")


# Pictures.


def picture(bulletin, by="Rosa"):
    """A picture, and the piece that shows it, of one id."""
    made = Picture.add(bulletin, b"\x89PNG one", alt="A gate", agreed=True, by=by)
    return made, Article.write(bulletin, made.part("On Monday", 1), by=by, article_id=made.id)


def test_a_picture_is_told_in_words_and_sent_twice_is_one(paper):
    made, shown = picture(paper)
    db.session.commit()
    assert (made.content, made.kind, made.agreed) == (b"\x89PNG one", "png", True)
    assert shown.text == "A gate\n\nOn Monday"
    again = Picture.add(paper, b"other", alt="Other", agreed=False, by="Bill", form_id=made.id)
    assert again.content == made.content
    assert len(Picture.all_of(paper)) == 1


def test_eight_pictures_are_enough_and_who_takes_one_out_may_put_another_in(paper):
    for _ in range(PICTURES_MAX):
        _, shown = picture(paper)
    db.session.flush()
    with not_allowed(Why.PICTURES_FULL, most=PICTURES_MAX):
        picture(paper)
    shown.delete(paper)
    db.session.flush()
    picture(paper)


# And in the end.


def test_the_last_one_out_leaves_nothing(paper, run, here, rosa, home):
    one = planned(paper)
    PrintTicket.issue(run, one, by="Rosa")
    change(paper, "The leed.", rosa, here, correction=True)
    db.session.commit()
    picture(paper)
    Proof.keep(paper, "a4", Measure("one"), SHEET)
    saved(first(paper), "Bill’s.", by="Bill")
    Event.note(here, Deed.LEFT, by="Bill")
    notebook(here)
    db.session.commit()
    tables = {*owned_tables(), "print_ticket"} & set(sa.inspect(home.engine()).get_table_names())
    assert {name for name in tables if not rows_in(home, name)} == {"former_key"}
    leaving.leave(rosa.at(here))
    db.session.commit()
    assert [name for name in sorted(tables) if rows_in(home, name)] == []


def rows_in(home, name: str) -> int:
    with home.engine().connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name)))


def test_who_agreed_agrees_to_it_put_right_and_agreeing_anew_closes_the_matter(paper, here, rosa, bill, join):
    join(bill)
    agreed(paper, here, rosa, bill)
    put_right(paper, "The leed.", here, bill, rosa)
    count = approval.count_voices(paper, here, digest(paper))
    assert ([voice.by for voice in count.agree], count.earlier) == (["Rosa", "Bill"], ())
    change(paper, "Another lead altogether.", bill, here, correction=False)
    assert (paper.stage, len(Correction.of(paper))) == (State.PROPOSED, 1)
    for person in (rosa, bill):
        approval.speak(paper, person.at(here), digest(paper), agrees=True)
    assert (paper.stage, Correction.of(paper)) == (State.AGREED, [])


def test_a_corrected_sheet_takes_the_place_of_the_one_before_behind_its_letters(paper, run, here, rosa):
    one = planned(paper)
    letters = PrintTicket.issue(run, one, by="Rosa")
    change(paper, "The leed.", rosa, here, correction=True)
    assert not run.of_words(digest(paper))
    again = printed(paper, pdf=b"%PDF put right")
    PrintTicket.renew(again, [one])
    db.session.commit()
    assert again.of_words(digest(paper))
    assert PrintTicket.sheet_for(letters) == b"%PDF put right"


def test_demands_typed_one_to_a_line_are_a_list(paper):
    article = first(paper)
    for typed, printed_as in (
        ("A rise.\nSundays off.", "1. A rise.\n2. Sundays off."),
        ("1. A rise.\n2. Sundays off.", "1. A rise.\n2. Sundays off."),
        ("- A rise.\n- Sundays off.", "- A rise.\n- Sundays off."),
    ):
        saved(article, typed, name="demands")
        assert Written(paper).parts[0].text == printed_as


def test_a_poster_has_one_side_whatever_was_put_on_the_other(paper):
    header = Written(paper).header
    saved(header, header.text.replace("kind: regular", "kind: poster"))
    paper.put(first(paper).id, 2)
    db.session.flush()
    assert Written(paper).fields["kind"] == "poster"
    assert {part.side for part in Written(paper).parts} == {1}


def test_the_form_of_another_bulletin_makes_nothing(paper, here):
    other = Bulletin.begin(here)
    with not_allowed(Why.ANOTHERS_FORM):
        Article.write(other, Part("echo"), by="Rosa", article_id=first(paper).id)


def test_what_is_printed_is_the_sheet_of_the_agreed_words_and_no_other(paper, here, rosa):
    agreed(paper, here, rosa)
    with not_allowed(Why.NOT_AGREED):
        Printing.make(paper, Written(paper), "a4", b"%PDF of other words", of="0" * 64, by="Rosa")


def test_corrections_are_counted_together(paper, here, rosa):
    lead = "One two three four five six seven eight nine ten eleven twelve."
    change(paper, lead, rosa, here)
    agreed(paper, here, rosa)
    other = lead.replace("One two three four five six seven eight", "a b c d e f g h")
    change(paper, other, rosa, here, correction=True)
    with not_allowed(Why.TOO_MANY_WORDS, most=12):
        change(paper, "a b c d e f g h i j k l m.", rosa, here, correction=True)


OF_A_HEADER = ("headline", "masthead", "site", "date", "language", "reply", "published by", "printed by", "kind")


def test_who_speaks_when_and_where_to_is_no_correction(paper, here, rosa, bill, join):
    """A correction put the boss's address behind an agreed paper's QR code."""
    join(bill)
    agreed(paper, here, rosa, bill)
    written = Written(paper)
    about = {"based_on": written.header.version, "correction": True}
    for key in OF_A_HEADER:
        other = lines_of(written.fields | {key: "https://boss.example"})
        with not_allowed(Why.ANOTHER_HEADER):
            corrections.change(written, written.header, "", other, rosa.at(here), **about)
    other = lines_of(written.fields | {"number": "8"})
    corrections.change(written, written.header, "", other, rosa.at(here), **about)
    assert (len(waiting(paper, here)), Article.header_of(paper)["number"]) == (1, "7")


def test_another_kind_of_piece_or_another_picture_is_no_correction(paper, here, rosa):
    _, piece = picture(paper)
    db.session.flush()
    agreed(paper, here, rosa)
    with not_allowed(Why.ANOTHER_KIND):
        change(paper, "The lead.", rosa, here, correction=True, name="quote")
    with not_allowed(Why.ANOTHER_KIND):
        about = {"based_on": piece.version, "correction": True}
        corrections.change(Written(paper), piece, "picture-of-another", piece.text, rosa.at(here), **about)


def test_a_picture_takes_no_name_of_another(paper):
    one = Picture.add(paper, b"\x89PNG one", alt="A gate", agreed=True, by="Rosa")
    like = uuid.UUID(hex=one.id.hex[:8] + uuid.uuid4().hex[8:])
    other = Picture.add(paper, b"\x89PNG other", alt="A gate", agreed=True, by="Rosa", form_id=like)
    assert one.name != other.name


@pytest.mark.parametrize("text", ["a " * 20_000, "a b " * 6_000, "\n".join("a" * 9_000)])
def test_comparing_takes_no_time_whatever_was_typed(text):
    began = time.process_time()
    words = text.split()
    diff.changes(words, [*words[: len(words) // 2], "other", *words[: len(words) // 3]])
    assert time.process_time() - began < 5


def test_what_was_agreed_before_lines_could_be_kept_is_still_agreed_and_a_change_of_that_is_none_of_it():
    fields = {**FIELDS_OF_ONE, "masthead": "The Depot Lamp", "published by": "Us", "number": ""}
    text = [Part(TEXT, "", "One line\nand its rest.")]
    before, kept, flowing = (
        digest_of(join(head_of({**fields, "lines": lines}), text)) for lines in ("", "keep", "flow")
    )
    assert before == "6969db6d3ba3e3250fce2420b287d979bd72b611907220141bfda9dd16df3878", "as release 0.1.0 had it"
    assert len({before, kept, flowing}) == 3
