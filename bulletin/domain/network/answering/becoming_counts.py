"""Thirty days after its day the answers to something become a count: what each site said is its own again."""

from __future__ import annotations

from sqlalchemy import or_, select

from bulletin.db import db, today
from bulletin.vault import tenancy
from bulletin.vault.readers import Reader

from .answers import Answer, count
from .matters import KEPT, Matter


def become_counts() -> None:
    """Count what is due, then let the answers go, and those to what is there no more. Needs no key; commits nothing.

    For a session of its own, that no site is bound to.
    """
    tenancy.read_as(db.session, Reader.DECIDER)
    due = select(Matter.site_id, Matter.id).where(Matter.ends_on < today() - KEPT, Matter.count_yes.is_(None))
    for site_id, matter_id in db.session.execute(due).all():
        tenancy.bind(db.session, site_id)
        matter = db.session.get_one(Matter, (site_id, matter_id))
        counted = count(matter, Answer.to([matter])[matter_id])
        matter.count_yes, matter.count_no = counted.yes, counted.no
        db.session.flush()
        tenancy.unbind(db.session)
    gone = select(Answer.site_id, Answer.id).outerjoin(Matter, Matter.id == Answer.matter_id)
    for site_id, answer_id in db.session.execute(
        gone.where(or_(Answer.kept_until < today(), Matter.id.is_(None)))
    ).all():
        tenancy.bind(db.session, site_id)
        db.session.delete(db.session.get_one(Answer, (site_id, answer_id)))
        db.session.flush()
        tenancy.unbind(db.session)
    tenancy.read_as(db.session, Reader.NOBODY)
