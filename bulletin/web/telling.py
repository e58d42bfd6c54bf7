"""What templates say of days and deeds."""

from __future__ import annotations

import datetime
import uuid

from flask import Flask
from flask_babel import format_date
from flask_babel import lazy_gettext as _l

from ..domain.events import Deed, Event

SENTENCES = {
    Deed.FOUNDED: _l("%(by)s founded the site."),
    Deed.INVITED: _l("%(by)s made an invitation."),
    Deed.INVITATION_SECONDED: _l("%(by)s seconded an invitation by %(whom)s."),
    Deed.INVITATION_WITHDRAWN: _l("%(by)s took back an invitation by %(whom)s."),
    Deed.FOUNDING_INVITED: _l("%(by)s invited somebody to found a site."),
    Deed.JOINED: _l("%(by)s joined."),
    Deed.LEFT: _l("%(by)s left."),
    Deed.REMOVAL_ASKED: _l("%(by)s asked that %(whom)s be removed."),
    Deed.REMOVAL_SECONDED: _l("%(by)s seconded that %(whom)s be removed: locked out."),
    Deed.REMOVAL_WITHDRAWN: _l("%(by)s took back that %(whom)s be removed."),
    Deed.KEY_CHANGED: _l("The key of the site changed."),
}


def teach(app: Flask) -> None:
    """Give templates `| day`, `| told`, and ids for what their forms make."""
    app.jinja_env.filters.update(day=day, told=told)
    app.jinja_env.globals.update(new_id=lambda: uuid.uuid4().hex)


def day(moment: datetime.date) -> str:
    """A day, as it is said here."""
    return format_date(moment, "d MMMM yyyy")


def told(event: Event) -> str:
    """A deed in one sentence."""
    return str(SENTENCES[event.deed]) % {"by": event.by, "whom": event.whom}
