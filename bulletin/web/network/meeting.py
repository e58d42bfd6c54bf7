"""Paper for a meeting: what sites told, counted and quoted, the day's questions, and empty lines; set by the press.

The machine counts and quotes and never concludes: who prints may write the sentence over it, with their name.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import re
from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, abort, current_app, request
from flask_babel import get_locale, gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import today
from bulletin.domain.network import sums
from bulletin.domain.network.answering.matters import Kind, Matter
from bulletin.domain.network.overview import NetworkPage
from bulletin.domain.network.sums import Sums
from bulletin.domain.network.told import Told
from bulletin.domain.site.sites import Network
from bulletin.press import languages, manuscript, parts
from bulletin.press.jobs import Busy
from bulletin.press.mistake import ManuscriptError, TooLong, Unprintable
from bulletin.press.parts import Part
from bulletin.web.guard import identity
from bulletin.web.guard.errors import no_press
from bulletin.web.network.weeks.words import month_day, motions_of, week_line
from bulletin.web.shared.downloads import download
from bulletin.web.shared.forms import PlainForm, choice_field, line_field
from bulletin.web.shared.labels import PAPER_NAMES, result_name, struggle_name
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sentences import say

from . import places, topics
from .answering import standing
from .labels import told_name
from .places import own_sites
from .tables import note_taken

pages = Blueprint("meeting", __name__, url_prefix="/network/paper")

NAME = "meeting.pdf"
SENTENCE_MAX, NAME_MAX = 120, 60  # letters
QUOTED = (24, 16, 10, 6, 3)  # things that are quoted: as many as fit
QUOTE_MAX = 240  # letters of each
ASKED = 6  # of what sites ask each other
EMPTY_LINES = 3  # under the questions, for those that nobody has thought of yet
RULE, WIDE_RULE = r"\_" * 18, r"\_" * 28  # in a narrow column, and in one of two
_MARKUP = re.compile(r"([\\`*_\[\]<>#|:~&!+=^$-])|(?<=\d)([.)])")


class PaperForm(PlainForm):
    """Who prints, on what, and with which sentence over it."""

    page_order = ("sentence", "name", "paper")
    sentence = line_field(_l("A sentence over it, if you like"), SENTENCE_MAX)
    name = line_field(_l("Your name under it, as you want it printed"), NAME_MAX)
    paper = choice_field(_l("Paper"), PAPER_NAMES, _l("Choose A4 or US Letter."))

    def has_name(self) -> bool:
        """A sentence has a name under it; where there is none, that is said."""
        if not (self.sentence.data or "").strip() or (self.name.data or "").strip():
            return True
        self.complain(self.name, _("Write the name that stands under your sentence, or leave the sentence out."))
        return False


@pages.get("/new")
def new() -> Response:
    """What is asked before it is printed."""
    mine = own_sites()
    return _page(PaperForm(data={"paper": mine[0].paper}))


@pages.post("")
def create() -> AnyResponse:
    """Print it. Each of the member's sites that is in reads by whom, once a day."""
    me = identity.open_network()
    here, form = [(place.site, standing.asked(place)) for place in places.each()] or abort(404), PaperForm(request.form)
    if not (form.validate() and form.has_name()):
        return _page(form, 422)
    told = _Told.now(_asked([asked for _site, asked in here if asked]))
    texts = [_text(told, form, quoted) for quoted in QUOTED]
    note_taken(me, [site for site, _asked_there in here])
    try:
        return download(_printed(texts, form.paper.data, told.for_whom), "application/pdf", NAME)
    except Busy as busy:
        return _again(form.complain(form.paper, no_press(busy)), 503)
    except (Unprintable, ManuscriptError) as error:
        return _again(form.complain(form.sentence, say(error)), 422)


def _again(form: PaperForm, status: int) -> Response:
    identity.open_network()
    return _page(form, status)


def _page(form: PaperForm, status: int = 200) -> Response:
    return render("network/meeting/new.html", status, form=form)


def _printed(texts: Sequence[str], paper: str, for_whom: str) -> bytes:
    """With as much quoted as fits."""
    read = (dataclasses.replace(manuscript.read(text), for_whom=for_whom) for text in texts)
    for one in itertools.islice(read, len(texts) - 1):
        with contextlib.suppress(TooLong):
            return bytes(current_app.extensions["press"].print(one, paper=paper).pdf)
    return bytes(current_app.extensions["press"].print(next(read), paper=paper).pdf)


def _asked(each: Sequence[standing.Here]) -> list[str]:
    """What the sites are asked and can answer, where the reader decides: each is a question of the day."""
    here = [one for site in each for one in (*site.to_answer, *site.coming, *site.others)]
    open_now = {one.matter.id: one.matter for one in here if one.matter.is_open and not one.decided}
    return [_question(matter) for matter in itertools.islice(open_now.values(), ASKED)]


def _question(matter: Matter) -> str:
    said = matter.said
    if matter.kind == Kind.ASKED:
        asked = _("Shall %(name)s be asked to do this for all of us?", name=said.name)
        words = f"{asked} {said.task}"
    else:
        words = standing.matter_name(matter.kind, said, matter.site)
    return f"{words} ({_('until %(day)s', day=month_day(matter.ends_on))})" if matter.ends_on else words


@dataclasses.dataclass(frozen=True)
class _Told:
    """What is on the paper, read once: the network's page, its sums if there are any, motions with nothing after; and
    what is asked.
    """

    page: NetworkPage
    counted: Sums | None
    passed: list[Told]
    asked: list[str]

    @classmethod
    def now(cls, asked: list[str]) -> _Told:
        page = NetworkPage.of(1, (), None)
        return cls(page, Sums.of(page.sites, page.groups) if page.has_sums else None, sums.unfollowed(), asked)

    @property
    def for_whom(self) -> str:
        """Not for passing on, where any of it is for sites only."""
        page = self.page
        quoted = (*page.needs, *page.papers, *page.deeds, *page.weeks, *self.passed)
        public = not self.counted and not self.asked and all(one.is_for_anyone for one in quoted)
        return "" if public else _("For our groups only: not to be passed on.")


def _text(told: _Told, form: PaperForm, quoted: int) -> str:
    """The manuscript."""
    page, counted = told.page, told.counted
    sentence, name = ((field.data or "").strip() for field in (form.sentence, form.name))
    network = Network.here()
    about = _("Only what groups told is here. Counted are groups, never people.")
    if sentence:
        about = f"{_('The sentence over it is by %(name)s.', name=name)} {about}"
    head = {
        "kind": "regular" if counted else "report",  # whose wider columns a photocopy of few words reads better
        "masthead": network.name if network else "",
        "site": _("%(count)s groups", count=page.count),
        "date": today().isoformat(),
        "language": languages.spoken(str(get_locale() or "en")),
        "headline": sentence or (topics.lead(counted) if counted else _("What we told each other")),
        "imprint": about,
    }
    return parts.join(head, list(_pieces(told, quoted))).text


def _pieces(told: _Told, quoted: int) -> Iterator[Part]:
    page, counted = told.page, told.counted
    if counted:
        yield Part(parts.TEXT, "", _plain(topics.told_words(counted)))
        yield Part("article", _("What comes up, in how many groups"), _table(counted))
    asked = [f"{_name(one)}: {_plain(told_name(one))}" for one in page.needs[: max(2, quoted // 4)]]
    yield Part("notice", _("Somebody asks"), "\n\n".join(asked))
    words = [_week(one, page) for one in page.weeks[:quoted]]
    yield Part("article", _("In their own words"), "\n\n".join(filter(None, words)))
    done = [_deed(one) for one in page.deeds[: max(2, quoted // 2)]]
    yield Part("article", _("What was done, and what came of it"), "\n\n".join(done))
    papers = [f"{_name(one)}: {_plain(told_name(one))}" for one in page.papers]
    yield Part("article", _("Papers"), "\n\n".join(papers))
    passed = [f"{_name(one)}, {month_day(one.week)}: {_plain(motions_of(one))}" for one in told.passed]
    yield Part("article", _("Passed, and nothing told since"), "\n\n".join(passed))
    yield Part("notice", _("For the meeting"), _questions(told))


def _table(counted: Sums) -> str:
    """What comes up: now, and where it is new."""
    rows = [(_("What"), _("of %(told)s", told=counted.told), _("new"))]
    rows += [
        (_plain(struggle_name(line.struggle)), str(line.all.now), str(line.all.new or "–")) for line in counted.lines
    ]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    new = _("New: said since %(day)s, and not in the eight weeks before.", day=month_day(counted.lately))
    return "\n".join([lines[0], "|---|---|---|", *lines[1:], "", _plain(new)])


def _questions(told: _Told) -> str:
    """The day's questions, each with room for an answer, then empty lines."""
    rising = [line for line in (told.counted.lines if told.counted else ()) if line.all.rises]
    names = [(topics.capitalized(struggle_name(line.struggle)), line.all.new) for line in rising]
    asked = [
        _("%(topic)s is new in %(count)s groups. What do these want?", topic=name, count=new) for name, new in names
    ]
    asked += [_("What came of it at %(site)s since?", site=one.site.name) for one in told.passed[:2]]
    asked += [_("Who can help %(site)s?", site=one.site.name) for one in told.page.needs[:2]]
    asked = told.asked + asked
    asked.append(_("What do we take back to our groups to decide?"))
    rule = RULE if told.counted else WIDE_RULE
    lines = [f"{number}. {_plain(one)}\n\n   {rule}" for number, one in enumerate(asked, start=1)]
    lines += [f"{number}. {rule}" for number in range(len(asked) + 1, len(asked) + 1 + EMPTY_LINES)]
    return "\n\n".join(lines)


def _name(one: Told) -> str:
    return f"**{_plain(one.site.name)}**"


def _week(one: Told, page: NetworkPage) -> str:
    words = week_line(one.said, page.told_week)
    return f"{_name(one)}, {month_day(one.week)}: {_plain(words)}" if words else ""


def _deed(one: Told) -> str:
    said = one.said
    result = f" ({result_name(said.result)})" if said.result else ""
    return f"{_name(one)}: {_plain(told_name(one))}{result}. {_plain(said.outcome)}"


def _plain(words: str) -> str:
    """What somebody else wrote, in one line, as it is: nothing in it is markup."""
    line = " ".join(words.split())
    if len(line) > QUOTE_MAX:
        line = line[:QUOTE_MAX].rsplit(" ", 1)[0] + " …"
    return _MARKUP.sub(r"\\\1\2", line)
