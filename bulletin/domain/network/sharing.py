"""Telling and taking back: which told row is which paper's or action's, and who sent it, under the site's key.

So the row in the clear points to nothing inside. It has the same id as its sharing, which says no more than that there
is one.
"""

from __future__ import annotations

import dataclasses
import uuid
from typing import Self

from sqlalchemy import select

from bulletin.db import SiteOwned, db, today
from bulletin.domain.actions.actions import Action, Outcome
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.papers.printings import Printing
from bulletin.domain.papers.written import Written
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.governance import register
from bulletin.domain.site.governance.roll import Ids
from bulletin.domain.site.refusals import NotAllowed, Why as WhyAtSite
from bulletin.vault import kinds
from bulletin.vault.readers import Audience
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import Shape, field, fields_of, hex_id, plain_text, shape

from .refusals import Why
from .told import DeedTold, PaperTold, Told

A_DAY_MAX = 12  # things that one site tells


@shape
class Shared(Shape):
    """Of which bulletin or action a told row is the copy, of which words, and the handle of who sent it.

    `sources`: of a week, which bulletins and actions it could name, and did or did not.
    """

    bulletin: str = hex_id("bulletin")
    action: str = hex_id("action")
    digest: str = plain_text()
    by: str = plain_text()
    sources: Ids = field(kinds.several(kinds.of_text("source", kinds.a_hex_id, empty=False)), sparse=True)


class Sharing(SiteOwned):
    """What a site knows of something that it told."""

    __tablename__ = "sharing"

    what: Sealed[Shared] = sealed(Shared)

    @classmethod
    def at(cls, site_id: uuid.UUID) -> dict[uuid.UUID, Shared]:
        """What is known of all that a site told, by the id that both rows have."""
        return {one.id: one.what for one in db.session.scalars(select(cls).filter_by(site_id=site_id))}

    @classmethod
    def keep(cls, told: Told, what: Shared) -> Self:
        """Note it."""
        sharing = cls(site_id=told.site_id, id=told.id, what=what)
        db.session.add(sharing)
        return sharing


def printed_as_agreed(bulletin: Bulletin) -> Printing | None:
    """The last print run of the words that are agreed."""
    runs = Printing.all_of(bulletin) if bulletin.is_agreed else []
    return next((run for run in runs if run.of_words(bulletin.agreed_digest)), None)


def may_be_told(action: Action) -> bool:
    """Is it over, done in the open, and has somebody said what came of it? What is planned is never offered."""
    return (
        action.over and not action.is_test and bool(action.outcome and (action.outcome.words or action.outcome.result))
    )


def paper_as_told(written: Written) -> PaperTold:
    """What a paper is called where it is told."""
    masthead, number, headline, language = (written.fields.get(key, "") for key in fields_of(PaperTold))
    return PaperTold(masthead=masthead, number=number, headline=headline, language=language)


def deed_as_told(me: Membership, action: Action) -> DeedTold:
    """What an action says where it is told: no place, no numbers, no names."""
    plan, outcome, lesson = action.plan, action.outcome, action.lesson
    said = DeedTold(
        form=plan.form,
        title=plan.title,
        day=action.start.astimezone(me.site.zone).date().isoformat(),
        struggles=plan.struggles,
        demand=plan.demand,
    )
    if outcome is not None:
        said = dataclasses.replace(said, outcome=outcome.words, result=outcome.result)
    if lesson is not None:
        said = dataclasses.replace(said, tried=lesson.tried, happened=lesson.happened, again=lesson.again)
    return said


def tell_paper(me: Membership, written: Written, audience: Audience, told_id: uuid.UUID) -> Told:
    """A paper as it was printed: its text, its sheet. What was told of it before is taken back. Raises NotAllowed."""
    bulletin = written.bulletin
    printing = printed_as_agreed(bulletin)
    if printing is None or written.digest != bulletin.agreed_digest:
        raise NotAllowed(Why.NOT_PRINTED)
    if (known := told_before(me, told_id)) is not None:
        return known
    check_may_tell(me)
    take_back_all_of(me.site_id, bulletin=bulletin.id)
    said, day = paper_as_told(written), printing.at.astimezone(me.site.zone).date()
    told = Told.tell(me.site_id, told_id, said, audience, day, text=written.source.text, sheet=printing.sheet)
    what = Shared(bulletin=bulletin.id.hex, digest=written.digest, by=me.member.handle)
    return shared(me, told, audience, what)


def tell_deed(me: Membership, action: Action, said: DeedTold, audience: Audience, told_id: uuid.UUID) -> Told:
    """What was done, in these words. What was told of it before is taken back. Raises NotAllowed."""
    if not may_be_told(action):
        raise NotAllowed(Why.NOT_OVER)
    if (known := told_before(me, told_id)) is not None:
        return known
    check_may_tell(me)
    for name, about in fields_of(DeedTold).items():
        if about.most and len(getattr(said, name)) > about.most:
            raise NotAllowed(Why.TEXT_TOO_LONG, most=about.most)
    if not (said.outcome.strip() or said.result):
        raise NotAllowed(Why.NOTHING_SAID)
    take_back_all_of(me.site_id, action=action.id)
    told = Told.tell(me.site_id, told_id, said, audience, action.start.astimezone(me.site.zone).date())
    return shared(me, told, audience, Shared(action=action.id.hex, by=me.member.handle))


def check_decides(me: Membership) -> None:
    """In the name of the site speaks who decides in it, and not who came yesterday. Raises NotAllowed."""
    if not register.standing_of(me.site).decides(me.member_id.hex):
        raise NotAllowed(WhyAtSite.DOES_NOT_DECIDE)


def check_may_tell(me: Membership) -> None:
    """Raises NotAllowed, also for the many things of one day that would push what others tell off the first page."""
    check_decides(me)
    if Told.count_on(me.site_id, today()) >= A_DAY_MAX:
        raise NotAllowed(Why.MUCH_TODAY, most=A_DAY_MAX)


def told_before(me: Membership, told_id: uuid.UUID) -> Told | None:
    """What this form has told already, where it was sent twice."""
    return db.session.get(Told, (me.site_id, told_id))


Copy = tuple[Told, Shared, bool]  # what was told, what is known of it, and whether the site would say it otherwise now


def copy_of_paper(written: Written) -> Copy | None:
    """What was told of a paper."""
    site_id, bulletin = written.bulletin.site_id, written.bulletin
    found = _copy_of(site_id, bulletin=bulletin.id)
    return found and (*found, bool(printed_as_agreed(bulletin)) and found[1].digest != bulletin.agreed_digest)


def copy_of_deed(me: Membership, action: Action) -> Copy | None:
    """What was told of an action. In other words than are noted it may have been told on purpose."""
    found = _copy_of(me.site_id, action=action.id)
    return found and (*found, found[0].said.result is not (action.outcome or Outcome()).result)


def _copy_of(site_id: uuid.UUID, **source: uuid.UUID) -> tuple[Told, Shared] | None:
    told = {one.id: one for one in Told.own(site_id)}
    found = ((told[id_], what) for id_, what in _of_source(site_id, **source).items() if id_ in told)
    return next(found, None)


def take_back(site_id: uuid.UUID, told_id: uuid.UUID) -> bool:
    """It is gone here: from every page and feed, and by the log of departures from every restore. Was it there?"""
    told, sharing = (db.session.get(record, (site_id, told_id)) for record in (Told, Sharing))
    for row in filter(None, (told, sharing)):
        db.session.delete(row)
    return told is not None


def take_back_all_of(site_id: uuid.UUID, **source: uuid.UUID) -> None:
    """The same for whatever was told of one paper or action."""
    for told_id in _of_source(site_id, **source):
        take_back(site_id, told_id)
    db.session.flush()


def _of_source(site_id: uuid.UUID, **source: uuid.UUID) -> dict[uuid.UUID, Shared]:
    ((name, id_),) = source.items()
    return {told_id: what for told_id, what in Sharing.at(site_id).items() if getattr(what, name) == id_.hex}


def shared(me: Membership, told: Told, audience: Audience, what: Shared) -> Told:
    """Keep what the site knows of what it told, and say it under what happened."""
    Sharing.keep(told, what)
    Event.note(me.site, Deed.TOLD, by=me.member.handle)
    me.site.told_to = audience.value
    return told
