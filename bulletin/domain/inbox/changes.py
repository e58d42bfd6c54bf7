"""What a letter becomes that is about something there is: a piece that was written at, a list that was ticked.

The same again changes nothing. Where somebody else has changed it meanwhile, both are to be seen: NotFiled.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select

from bulletin.db import db
from bulletin.domain.actions import turnouts
from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.turnouts import Turnout
from bulletin.domain.papers import corrections
from bulletin.domain.papers.articles import Article, Stale
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.papers.headers import HEADER
from bulletin.domain.papers.written import Written as Paper
from bulletin.domain.people.contacts import Contact
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.signs import in_lines, on_one_line
from bulletin.domain.site.sites import Site
from bulletin.press.parts import OF_WORDS

from .letters import Written
from .refusals import NotFiled, Parking

TICKS = ("committed", "came")
ELSEWHERE_MAX = 100  # people who are looked for one by one


def file_piece(site: Site, _letter_id: uuid.UUID, written: Written, _by: str) -> None:
    """The words of a piece, where nobody has written at it since; of an agreed paper somebody has to say more."""
    about = uuid.UUID(hex=written.one("about"))
    where = db.session.scalars(Article.of_site(site.id).filter_by(id=about)).first()
    paper = None if where is None else Bulletin.of(site, where.bulletin_id, to_change=True)
    piece = None if paper is None else Article.of(paper, about, to_change=True)
    if paper is None or piece is None or piece.name == HEADER:
        raise NotFiled(Parking.REFUSED)
    place = db.session.scalars(select(Membership).filter_by(site_id=site.id, member_id=written.by)).one()
    title, text = on_one_line(written.one("title")), in_lines(written.one("text"))
    version, name = int(written.one("version") or 0), written.one("name")
    name = name if {piece.name, name} <= OF_WORDS else ""
    try:
        corrections.change(Paper(paper), piece, title, text, place, based_on=version, name=name)
    except Stale:
        raise NotFiled(Parking.OTHER_WORDS) from None


def file_turnout(site: Site, _letter_id: uuid.UUID, written: Written, by: str) -> None:
    """What was ticked or unticked since the page was made, and nothing else; how many came who are in no list."""
    action = Action.of(site.id, uuid.UUID(hex=written.one("about")), to_change=True)
    if action is None:
        raise NotFiled(Parking.REFUSED)
    was, now = (_ids(written, name) for name in ("was", "now"))
    tick = written.one("tick")
    if tick in TICKS:
        listed = Turnout.all_for(action).keys()
        for ids, yes in ((now - was, True), ((was - now) & listed, False)):
            if some := _people(site, ids):
                turnouts.note(action, some, by=by, **{tick: yes})
    others = written.one("others").strip()
    if others != written.one("others_was") and others != str(action.others or ""):
        action.note_outcome(by=by, others=int(others or 0))


def _people(site: Site, ids: set[uuid.UUID]) -> list[Contact]:
    """Those with these ids; for some who were put together with others meanwhile, those."""
    found = Contact.among(site.id, ids) if ids else []
    missing = sorted(ids - {one.id for one in found})[:ELSEWHERE_MAX]
    return [*found, *filter(None, (Contact.of(site.id, one) for one in missing))]


def _ids(written: Written, name: str) -> set[uuid.UUID]:
    return {uuid.UUID(hex=one) for one in " ".join(written.all(name)).split()}
