"""Filing letters: each becomes what the form in it would have made, by who wrote it, once; or is parked whole."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, tzinfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bulletin.db import db
from bulletin.domain.actions import spans
from bulletin.domain.actions.actions import Action, FormOfAction
from bulletin.domain.papers import articles, next_number
from bulletin.domain.papers.articles import Article
from bulletin.domain.papers.bulletins import Bulletin, State
from bulletin.domain.people.contacts import NAME_MAX, Contact, Stand
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.search import called, everybody, looking_like
from bulletin.domain.site import departures
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.inbox_keys import InboxKey
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sent_forms import SentForm, digest_of
from bulletin.domain.site.signs import in_lines, on_one_line
from bulletin.domain.site.sites import Site
from bulletin.press.parts import TEXT, Part
from bulletin.vault import keys

from . import changes
from .letters import NO_LETTER, Letter, Parked, ParkedLetter, Written
from .refusals import NotFiled, Parking

FILED_AT_ONCE = 25  # a visit does not wait for more; the next one goes on
PARKED_MAX = 200  # then letters stay sealed until somebody has looked
BEGUN = {"kind": "regular", "lines": "keep"}  # a paper that begins with a letter, whose lines end as they were typed

Filer = Callable[[Site, uuid.UUID, Written, str], object]


def is_due(site: Site) -> bool:
    """Do letters wait that may be opened?"""
    return Letter.wait_at(site.id) and ParkedLetter.count_at(site.id) < PARKED_MAX


def file_some(site: Site) -> bool:
    """Open and file the letters that came first. Were there any? The site must be open, and held."""
    if not is_due(site):
        return False
    inbox = InboxKey.at(site.id)
    for letter in Letter.some_at(site.id, FILED_AT_ONCE):
        _take(site, letter, inbox)
    return True


def _take(site: Site, letter: Letter, inbox: Sequence[InboxKey]) -> None:
    opened = letter.opened(inbox)
    by, text = "", "" if opened is None else opened[1].strip()
    try:
        if opened is None:
            raise NotFiled(Parking.UNOPENED)
        written = _understood(text)
        if not _was_filed(site, letter.id, written):
            by = _author(site, opened[0], written, letter.sent_by)
            with db.session.begin_nested():  # nothing of it stays where it cannot be filed
                _file(site, letter.id, written, by)
    except NotFiled as reason:
        _park(letter, Parked(why=reason.why, by=by, text=text))
    except (NotAllowed, IntegrityError, *NO_LETTER, OverflowError):  # too long, no number, the id of another
        _park(letter, Parked(why=Parking.REFUSED, by=by, text=text))
    db.session.delete(letter)
    db.session.flush()


def _park(letter: Letter, what: Parked) -> None:
    before = ParkedLetter.of(letter.site_id, letter.id)
    if before is None or before.what.text != what.text:
        letter_id = letter.id if before is None else uuid.uuid4()
        db.session.add(ParkedLetter(site_id=letter.site_id, id=letter_id, came_on=letter.came_on, what=what))


def _understood(text: str) -> Written:
    try:
        written = Written.of(text)
        known = KNOWN[written.kind]
    except NO_LETTER:
        raise NotFiled(Parking.UNKNOWN) from None
    if any(value.strip() and name not in known for name, value in written.fields):
        raise NotFiled(Parking.UNKNOWN)
    return written


def _author(site: Site, inbox: InboxKey, written: Written, sent_by: uuid.UUID | None) -> str:
    """The handle of who wrote it: its proof was given to one phone of theirs alone, which is signed in still; or was
    signed out, and then a phone on which they typed their words has sent it.
    """
    if not keys.same(written.proof, inbox.proof_for(written.by, written.phone)):
        raise NotFiled(Parking.UNPROVEN)
    if written.phone is not None and sent_by != written.by:
        phone = Device.that_writes(written.phone)
        if phone is None or phone.member_id != written.by:
            raise NotFiled(Parking.SIGNED_OUT)
    place = db.session.scalars(select(Membership).filter_by(site_id=site.id, member_id=written.by)).first()
    if place is None or place.locked:
        raise NotFiled(Parking.GONE)
    return place.member.handle


def _was_filed(site: Site, letter_id: uuid.UUID, written: Written) -> bool:
    """Did it come twice, or was its form saved, and the answer lost? Or is what it made gone with somebody?"""
    if departures.was_forgotten(site.id, letter_id) or departures.was_form(site.id, letter_id):
        return True
    if Conversation.is_hidden(site.id, letter_id):
        return True
    before = SentForm.of(site.id, letter_id)
    return before is not None and before.digest == digest_of(written.fields)


def _file(site: Site, letter_id: uuid.UUID, written: Written, by: str) -> None:
    if SentForm.of(site.id, letter_id) is not None:
        raise NotFiled(Parking.OTHER_WORDS)
    FILERS[written.kind](site, letter_id, written, by)
    SentForm.keep(site.id, letter_id, digest_of(written.fields))
    db.session.flush()


# What each kind becomes


def _talk(site: Site, letter_id: uuid.UUID, written: Written, by: str) -> None:
    if Conversation.at(site.id, letter_id) is not None:
        return  # it came once more, after what was known of its form was forgotten: nobody is added by it
    stand = written.one("stand")
    Conversation.note(
        _contact(site, letter_id, written, by),
        by=by,
        day=_day(written),
        form_id=letter_id,
        stand=Stand(int(stand)) if stand else None,
        struggles=[*written.all("struggles"), *written.all("others")],
        note=in_lines(written.one("note")),
    )


def _contact(site: Site, letter_id: uuid.UUID, written: Written, by: str) -> Contact:
    """The one who was chosen, or is called exactly so; else somebody new, who may be somebody that is here."""
    chosen = written.one("who") or written.one("contact_id")
    if chosen and chosen != "new" and (contact := Contact.of(site.id, uuid.UUID(hex=chosen))) is not None:
        return contact
    name = on_one_line(written.one("name"))
    if len(name) > NAME_MAX:  # before it is compared with thousands: that would take minutes
        raise NotFiled(Parking.REFUSED)
    people = everybody(site.id)
    exactly = called(people, name)
    if len(exactly) == 1 and chosen != "new" and (contact := Contact.of(site.id, exactly[0].id)) is not None:
        return contact
    alike = [*exactly, *looking_like(people, name)]
    return Contact.add(site.id, name, by=by, form_id=letter_id, maybe=alike[0].id.hex if alike else "")


def _action(site: Site, letter_id: uuid.UUID, written: Written, by: str) -> None:
    """With the hours where somebody has said them; what came of it stands in the same letter where it was."""
    start, end = _span(written, site.zone)
    action = Action.propose(
        site.id,
        start,
        end,
        by=by,
        form_id=letter_id,
        form=written.one("form") or FormOfAction.OTHER,
        title=on_one_line(written.one("title")),
        place=on_one_line(written.one("place")),
        struggles=written.all("struggles"),
        demand=in_lines(written.one("demand")),
        test=bool(written.one("test")),
        after=_motion(site, written.one("after")),
        whole_day=not written.one("start"),
    )
    count, words = written.one("headcount").strip(), in_lines(written.one("came_of_it"))
    if count or words:
        action.note_outcome(by=by, others=int(count or 0), words=words)


def _span(written: Written, zone: tzinfo) -> tuple[datetime, datetime]:
    first = _day(written)
    last = max(_day(written, "last_day"), first) if written.one("last_day") else None
    if not written.one("start"):
        return spans.of_days(first, last or first, zone)
    end = time.fromisoformat(written.one("end")) if written.one("end") else None
    return spans.of_hours(first, time.fromisoformat(written.one("start")), end, zone, last=last)


def _motion(site: Site, motion_id: str) -> str:
    motion = Action.of(site.id, uuid.UUID(hex=motion_id)) if motion_id else None
    return motion.id.hex if motion is not None and motion.form is FormOfAction.MOTION else ""


def _story(site: Site, letter_id: uuid.UUID, written: Written, by: str) -> None:
    """A piece at the end of the paper that is being written; of a new one, where none is."""
    part = Part("article", on_one_line(written.one("title")), in_lines(written.one("text"))).headed()
    drafts = (one for one in Bulletin.at(site) if one.stage is State.DRAFT)
    paper = next(drafts, None) or _paper(site, None, "", [], by)
    Article.write(Bulletin.of(site, paper.id, to_change=True) or paper, part, by=by, article_id=letter_id)


def _draft(site: Site, letter_id: uuid.UUID, written: Written, by: str) -> None:
    if Bulletin.of(site, letter_id) is None:
        _paper(
            site, letter_id, on_one_line(written.one("headline")), [Part(TEXT, "", in_lines(written.one("text")))], by
        )


def _paper(site: Site, form_id: uuid.UUID | None, headline: str, pieces: Sequence[Part], by: str) -> Bulletin:
    fields = {**next_number.carried(site), **BEGUN, "headline": headline}
    paper = Bulletin.begin(site, form_id=form_id)
    articles.begin(paper, fields, pieces, by=by)
    return paper


def _day(written: Written, name: str = "day") -> date:
    return date.fromisoformat(written.one(name)) if written.one(name) else written.on


PLAN = ("form", "title", "day", "start", "end", "last_day", "place", "struggles", "demand", "test", "after")
FILERS: Mapping[str, Filer] = {
    **{"talk": _talk, "action": _action, "story": _story, "draft": _draft},
    **{"piece": changes.file_piece, "turnout": changes.file_turnout},
}
KNOWN: Mapping[str, frozenset[str]] = {
    "talk": frozenset(("name", "contact_id", "who", "asked", "stand", "struggles", "others", "note", "day")),
    "action": frozenset((*PLAN, "headcount", "came_of_it")),
    "story": frozenset(("title", "text")),
    "draft": frozenset(("headline", "text")),
    "piece": frozenset(("about", "name", "title", "text", "change", "version")),
    "turnout": frozenset(("about", "tick", "was", "now", "others", "others_was")),
}
