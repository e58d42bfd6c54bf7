"""What one member wrote at a site, in one sealed file: theirs to take, at any time, and nobody is asked.

Sealed to six words as a whole site is: on a phone that is taken, what lies among the downloads is read first, and this
is what workmates said in confidence, with their names. What another wrote is not in it, also about the same people.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from bulletin.db import db
from bulletin.domain.actions.actions import Action, Plan
from bulletin.domain.papers.articles import Article
from bulletin.domain.papers.headers import HEADER
from bulletin.domain.people.conversations import Conversation, Said
from bulletin.domain.people.follow_ups import FollowUp, Plan as FollowUpPlan
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.governance import register
from bulletin.domain.site.governance.roll import Person
from bulletin.vault import parcels, words

from .export import packed
from .refusals import Say, Word
from .tables import Line, Tables, cell, columns

PLAIN = ("form", "start", "end")  # of an action that somebody may have changed: its day and its kind


def pack(me: Membership, typed: str, say: Say) -> bytes:
    """All that this member wrote, sealed to these words. Only reads. Raises words.Mistyped, vault.Crowded."""
    words.looks_like(typed)
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as folder:
        for name, lines in OwnTables(me, say).all().items():
            table = io.StringIO(newline="")
            csv.writer(table).writerows([cell(value, say) for value in line] for line in lines)
            folder.writestr(packed(name), table.getvalue().encode("utf-8-sig"))
        for number, piece in enumerate(_pieces(me), start=1):
            folder.writestr(packed(f"pieces/{number:03d}.txt"), piece)
        folder.writestr(packed("README.txt"), say(Word.OWN_README))
    return parcels.seal(into.getvalue(), typed)


class OwnTables(Tables):
    """The tables of one member: what they wrote since they came, for handles come again, and in a place before."""

    def __init__(self, me: Membership, say: Say) -> None:
        super().__init__(me.site, say)
        self.me = _person(me)

    def all(self) -> Mapping[str, Iterator[Line]]:
        """Each as its lines, the first of which names the columns."""
        return {"talks.csv": self._talks(), "follow-ups.csv": self._follow_ups(), "actions.csv": self._actions()}

    def _talks(self) -> Iterator[Line]:
        yield *self._heads(Word.DAY, Word.WITH), *self._columns(columns(Said))
        for one in self._mine(Conversation, lambda talk: talk.entry):
            if (said := _as_they_wrote(one)) is not None:
                yield one.day, self._who(one), *self._cells(columns(Said), said)

    def _follow_ups(self) -> Iterator[Line]:
        told = [one for one in columns(FollowUpPlan) if one.name != "by"]
        yield *self._heads(Word.WITH), *self._columns(told), self.say(Word.DONE_ON)
        for one in self._mine(FollowUp, lambda plan: plan.what):
            yield self._who(one), *self._cells(told, one.what), one.done_on

    def _actions(self) -> Iterator[Line]:
        told = [one for one in columns(Plan) if one.name != "by"]
        yield self._columns(told)
        for one in self._rows(Action):
            if one.plan.by in (self.me.handle, self.me.wrote_as or self.me.handle):
                sure = [field for field in told if one.version == 1 or field.name in PLAIN]
                yield [self._cells([field], one.plan)[0] if field in sure else "" for field in told]

    def _mine(self, record: type[Any], written: Any) -> Iterator[Any]:
        for one in self._rows(record):
            if self.me.wrote(written(one).by, written(one).at):
                yield one


def _as_they_wrote(talk: Conversation) -> Said | None:
    """A talk as it stood before somebody else corrected it; None where they withdrew it themselves."""
    for earlier in talk.earlier:
        if earlier.by != talk.entry.by:
            return earlier.said
    return talk.said


def _pieces(me: Membership) -> Iterator[str]:
    """The pieces of papers that they wrote last."""
    person = _person(me)
    rows = db.session.scalars(Article.of_site(me.site_id))
    for article in rows:
        body = article.body
        if person.wrote(body.by, body.at) and body.name != HEADER and body.text.strip():
            yield f"{body.title}\n\n{body.text}\n".lstrip("\n")


def _person(me: Membership) -> Person:
    """Who they are to the site, as the register says it, or else their place."""
    standing = register.sound_standing_of(me.site)
    person = standing.people.get(me.member_id.hex) if standing is not None else None
    return person or Person(member=me.member_id.hex, handle=me.member.handle, joined_at=me.joined_on.isoformat())
