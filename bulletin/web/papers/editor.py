"""A bulletin as somebody has it before them: how it looks at once, and how full it was when last measured."""

from __future__ import annotations

import dataclasses
import re
import uuid
from typing import Any

from flask import abort, current_app, jsonify, url_for
from flask_babel import format_percent, gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, RadioField

from bulletin.db import db
from bulletin.domain.network import inside, sharing
from bulletin.domain.papers import corrections
from bulletin.domain.papers.articles import Article
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.papers.pictures import Picture
from bulletin.domain.papers.printings import Measure, Proof
from bulletin.domain.papers.written import Written
from bulletin.domain.site.accounts.members import Membership
from bulletin.press import mistake, signs, typesetting
from bulletin.press.jobs import Unprintable
from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import Manuscript, ManuscriptError, read as read_manuscript
from bulletin.press.paper import PAPERS
from bulletin.press.parts import IMAGE
from bulletin.press.typesetting import Setting
from bulletin.web.guard import identity
from bulletin.web.guard.errors import wants_json
from bulletin.web.shared import edit_conflicts
from bulletin.web.shared.forms import PlainForm, options
from bulletin.web.shared.sentences import say
from bulletin.web.sheets import fit_report

from .labels import CHANGES


class SavedForm(PlainForm):
    """A form of what several people write: which version it began from and, of what is agreed, what kind of change."""

    version = HiddenField()
    change = RadioField(_l("What kind of change is it?"), choices=options(CHANGES), validate_choice=False)


@dataclasses.dataclass(frozen=True)
class OpenBulletin:
    """A bulletin, and who has it before them."""

    me: Membership
    bulletin: Bulletin

    @property
    def here(self) -> dict[str, uuid.UUID]:
        """For url_for."""
        return {"site_id": self.bulletin.site_id, "bulletin_id": self.bulletin.id}


def open_bulletin(site_id: uuid.UUID, bulletin_id: uuid.UUID, *, to_change: bool = False) -> OpenBulletin:
    """The asking member's bulletin; 404 where there is none. `to_change`: others who would change it wait."""
    me = identity.open_site(site_id)
    return OpenBulletin(me, Bulletin.of(me.site, bulletin_id, to_change=to_change) or abort(404))


@dataclasses.dataclass(frozen=True)
class Side:
    """How full one side of the sheet is. `share`: 1.0 is full, and no more is said."""

    number: int
    share: float
    words: str


@dataclasses.dataclass(frozen=True)
class Look:
    """A bulletin as it is now: the sheet, what is wrong and where, and how full it was when last measured."""

    sheet: str | None
    shape: str
    paper: str
    measure: Measure | None
    current: bool  # measured, and not changed since
    problems: dict[uuid.UUID, str]  # by the article they concern; the header's id is the bulletin's
    kind: str
    left_out: dict[uuid.UUID, str]  # by the article too: the signs that no face has, and that are not printed

    @classmethod
    def at(cls, me: Membership, written: Written, paper: str = "") -> Look:
        """The look of what is written, on the site's paper or another."""
        paper = paper if paper in PAPERS else me.site.paper
        proof = Proof.of(written.bulletin, paper)
        measure = proof.measure if proof else None
        current = measure is not None and measure.digest == written.digest
        manuscript, problems = _read(written)
        if manuscript is not None and measure is not None and current and measure.problem:
            problems = {whose(written, measure.line): plainly(written, measure)}
        sheet = None
        if manuscript is not None:
            setting = fit_report.read(measure.setting, KINDS[manuscript.kind]) if measure else None
            sheet, unknown = _typeset(written, manuscript, paper, setting)
            problems = problems | unknown
        sides = 2 if sheet and sheet.count('<section class="side') > 1 else 1
        kind, left_out = written.fields.get("kind", ""), _left_out(written, manuscript)
        return cls(sheet, f"{paper} sides-{sides}", paper, measure, current, problems, kind, left_out)

    @property
    def sides(self) -> list[Side]:
        """How full each side was."""
        full = self.measure.fullness if self.measure else ()
        return [
            Side(number, min(share, 1.0), format_percent(min(share, 1.0), "#,##0 %"))
            for number, share in enumerate(full, start=1)
        ]

    @property
    def words(self) -> str:
        """How full it is, in words."""
        if self.measure is None:
            return _("Not measured yet.")
        if self.measure.problem:
            words = told(self.measure) if self.current else _("it did not fit.")
        else:
            first, *second = (side.words for side in self.sides)
            words = (
                _("Side 1 is %(first)s full, side 2 is %(second)s full.", first=first, second=second[0])
                if second
                else _("Side 1 is %(first)s full.", first=first)
            )
            words = f"{words} {fit_report.mostly_empty(self.measure.fullness, self.kind)}".rstrip()
        return words if self.current else _("When last measured: %(told)s", told=words)

    def parts(self) -> dict[str, Any]:
        """For our own script."""
        return {
            "sheet": self.sheet,
            "shape": self.shape,
            "words": self.words,
            "sides": [side.share for side in self.sides],
            "current": self.current,
            "full": bool(self.measure and self.measure.problem and self.current),
            "problems": {id_.hex: sentence for id_, sentence in self.problems.items()},
            "left_out": {id_.hex: sentence for id_, sentence in self.left_out.items()},
        }


def offered(opened: OpenBulletin, written: Written) -> dict[str, Any]:
    """For the one button under what is printed: may others be told of it, and what became of that?"""
    tells = inside.has_others(opened.me.site) and sharing.printed_as_agreed(opened.bulletin) is not None
    return {"tells": tells, "told": sharing.copy_of_paper(written) if tells else None}


def measured(opened: OpenBulletin, paper: str) -> Proof:
    """The proof of what is written now, printed if it has not been yet; raises Busy.

    Commits, and lets go of the database while the press works: open what you need again.
    """
    written = Written(opened.bulletin)
    digest, source, bulletin_id, site_id = written.digest, written.source, opened.bulletin.id, opened.bulletin.site_id
    proof = Proof.of(opened.bulletin, paper)
    if proof is not None and proof.measure.digest == digest:
        return proof
    pictures = pictures_of(written)
    db.session.commit()
    try:
        manuscript = read_manuscript(source.text)
        sheet = current_app.extensions["press"].print(manuscript, paper=paper, pictures=pictures)
    except (ManuscriptError, Unprintable) as error:
        measure, pdf = Measure(digest, line=error.line, **mistake.kept(error)), b""
    else:
        measure = Measure(digest, fit_report.written(sheet.setting), sheet.fullness, sheet.size_pt)
        pdf = sheet.pdf
    reopened = open_bulletin(site_id, bulletin_id, to_change=True)
    proof = Proof.keep(reopened.bulletin, paper, measure, pdf)
    db.session.commit()
    return proof


def pictures_of(written: Written) -> dict[str, bytes]:
    """The files of the pictures that are shown, by the names that the manuscript has for them."""
    shown = {part.title for part in written.parts if part.name == IMAGE}
    return {one.name: one.content for one in Picture.all_of(written.bulletin) if one.name in shown} if shown else {}


def around(opened: OpenBulletin, written: Written, article: Article) -> dict[str, Any]:
    """What bulletins/writing.html shows around an article's fields."""
    return {
        "site": opened.me.site,
        "here": opened.here,
        "about": article.id,
        "look": Look.at(opened.me, written),
        "asks": opened.bulletin.is_agreed,
    }


def save(
    me: Membership, written: Written, article: Article, title: str, text: str, form: SavedForm, name: str = ""
) -> AnyResponse | None:
    """Save an article's words, and commit; the answer for our own script, None for a page. Raises Stale, NotAllowed."""
    correction = {"correction": True, "words": False}.get(form.change.data or "")
    after = corrections.change(
        written, article, title, text, me, based_on=edit_conflicts.version_of(form), name=name, correction=correction
    )
    if not wants_json():
        db.session.commit()
        return None
    told = Look.at(me, after).parts() | {"version": article.version, "state": written.bulletin.state, "saved": True}
    db.session.commit()  # last: what was read before would have to be read again
    return jsonify(told)


def whose(written: Written, line: int | None) -> uuid.UUID:
    """The article that a line of the manuscript belongs to; the header has the bulletin's id."""
    index = written.source.whose(line)
    return written.bulletin.id if index is None else written.articles[index].id


def _left_out(written: Written, manuscript: Manuscript | None) -> dict[uuid.UUID, str]:
    by_article: dict[uuid.UUID, list[str]] = {}
    for one in manuscript.left_out if manuscript is not None else ():
        by_article.setdefault(whose(written, one.line), []).extend(one.signs)
    return {article: say(signs.told(dict.fromkeys(found))) for article, found in by_article.items()}


def told(measure: Measure) -> str:
    """What the press said."""
    return measure.problem if measure.values is None else _said(mistake.again(measure.problem, measure.values))


def _said(phrase: mistake.Phrase | None, *, titled: str = "") -> str:
    """In words; `titled`: what to call a piece that has no title. Of what another release said, only that it was."""
    if phrase is None:
        return _("it did not fit.")
    piece = phrase.values.get("piece")
    if titled and isinstance(piece, mistake.Phrase) and piece.code is mistake.Named.ON_LINE:
        piece = mistake.Phrase(mistake.Named.TITLED, title=titled)
        phrase = mistake.Phrase(phrase.code, **{**phrase.values, "piece": piece})
    return say(phrase)


def plainly(written: Written, measure: Measure) -> str:
    """What the press said, for people who see pieces and no lines."""
    if measure.line is None or whose(written, measure.line) == written.bulletin.id:
        return told(measure)
    article = next(one for one in written.articles if one.id == whose(written, measure.line))
    words = article.title or article.text.strip()[:30].rstrip() + "…"
    if measure.values is None:
        return re.sub(r"the \w+ on line \d+", lambda _found: f"‘{words}’", measure.problem)
    return _said(mistake.again(measure.problem, measure.values), titled=words)


def _typeset(
    written: Written, manuscript: Manuscript, paper: str, setting: Setting | None
) -> tuple[str | None, dict[uuid.UUID, str]]:
    here = {"site_id": written.bulletin.site_id, "bulletin_id": written.bulletin.id}
    pictures = {}
    if any(part.name == IMAGE for part in written.parts):
        shown = Picture.all_of(written.bulletin)
        pictures = {picture.name: url_for("pictures.show", **here, picture_id=picture.id) for picture in shown}
    try:
        return typesetting.typeset(manuscript, paper=paper, setting=setting, pictures=pictures), {}
    except ManuscriptError as error:
        return None, {whose(written, error.line): say(error)}


def _read(written: Written) -> tuple[Manuscript | None, dict[uuid.UUID, str]]:
    if not written.fields.get("headline", "").strip():
        return None, {written.bulletin.id: _("There is no headline yet: write one.")}
    if all(part.empty for part in written.parts):
        return None, {}
    for article in written.articles:
        if any(line.lstrip().startswith(":::") for line in article.text.split("\n")):
            return None, {
                article.id: _("Leave out the three colons at the beginning of a line: they would end the piece.")
            }
    try:
        return read_manuscript(written.source.text), {}
    except ManuscriptError as error:
        return None, {whose(written, error.line): say(error)}
