"""How a site's week reads: the same words before it is sent, on the network's page, in a table and to anyone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Flask
from flask_babel import format_date, gettext as _, lazy_gettext as _l, ngettext

from bulletin.domain.actions.actions import Motion
from bulletin.domain.network.told import Told
from bulletin.domain.network.week_told import DoneTold, TopicTold, WeekTold
from bulletin.web.shared.formats import listed
from bulletin.web.shared.labels import form_name, result_name, struggle_name

MOTIONS: Mapping[Motion, Any] = {
    Motion.PASSED: _l("passed"),
    Motion.LOST: _l("lost"),
    Motion.OPEN: _l("not decided yet"),
}


def install(app: Flask) -> None:
    """Give templates the words of a week."""
    app.jinja_env.globals.update(
        done_words=done_words,
        motions_of=motions_of,
        topics_words=topics_words,
        week_done=week_done,
        week_line=week_line,
    )
    app.jinja_env.filters["month_day"] = month_day


def month_day(day: date) -> str:
    """A day without its year."""
    return format_date(day, "d MMMM")


def week_done(said: WeekTold, told: Mapping[str, Told]) -> list[tuple[DoneTold, Told | None]]:
    """What was done, each with what was told of it by itself, as far as that is there to be read."""
    return [(one, told.get(one.told)) for one in said.done if not one.told or one.told in told]


def done_words(done: DoneTold, copy: Told | None = None) -> str:
    """Something that was done, in a few words."""
    name = _paper_words(done, copy) if done.form is None and not _is_deed(copy) else _deed_words(done, copy)
    if not done.people:
        return name
    return str(ngettext("%(what)s, about %(num)d came", "%(what)s, about %(num)d came", done.people, what=name))


def motions_of(told: Told) -> str:
    """The motions that a week says were passed."""
    return listed(_deed_words(one, None) for one in told.said.done if one.motion is Motion.PASSED)


def topic_words(topic: TopicTold) -> str:
    """Something that comes up, in a few words."""
    name = topic.words or struggle_name(topic.struggle)
    return str(_("%(topic)s (more than before)", topic=name)) if topic.more else name


def week_line(said: WeekTold, told: Mapping[str, Told]) -> str:
    """All of it in one line; empty where nothing of it is there to be read."""
    done = [done_words(*one) for one in week_done(said, told)]
    if said.topics:
        done.append(_("Comes up: %(topics)s", topics=topics_words(said)))
    return " · ".join(filter(None, (*done, said.sentence)))


def topics_words(said: WeekTold) -> str:
    """All that comes up."""
    return listed(map(topic_words, said.topics))


def _is_deed(copy: Told | None) -> bool:
    return copy is not None and not copy.is_paper


def _paper_words(done: DoneTold, copy: Told | None) -> str:
    number = copy.said.number if copy else done.number
    if done.handed_out:
        return str(_("No. %(number)s handed out", number=number) if number else _("Our paper handed out"))
    return str(_("No. %(number)s is out", number=number) if number else _("Our paper is out"))


def _deed_words(done: DoneTold, copy: Told | None) -> str:
    said = copy.said if copy else done
    kind = form_name(said.form)
    name = str(_("%(what)s: %(title)s", what=kind, title=said.title) if said.title else kind)
    became = said.result and result_name(said.result) if copy else done.motion and MOTIONS[done.motion]
    return str(_("%(what)s (%(became)s)", what=name, became=became)) if became else name
