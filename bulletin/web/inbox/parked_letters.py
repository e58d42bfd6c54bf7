"""Letters that could not be filed: all that is in them, to be copied and thrown away."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from bulletin.domain.inbox.letters import ParkedLetter
from bulletin.domain.inbox.refusals import Parking
from bulletin.domain.people.contacts import Contact
from bulletin.domain.site.sent_forms import SentForm
from bulletin.web.guard import identity
from bulletin.web.shared.labels import FORMS, STANDS, STRUGGLES
from bulletin.web.shared.sentences import say_code

pages = Blueprint("parked_letters", __name__, url_prefix="/sites/<uuid:site_id>/letters")

HEX = re.compile("[0-9a-f]{32}")
FIELDS = {
    **{"name": _l("With whom?"), "stand": _l("Where do they stand?"), "struggles": _l("What came up?")},
    **{"others": _l("What else?"), "note": _l("A short note"), "day": _l("Which day?"), "form": _l("What is it?")},
    **{"title": _l("Heading"), "place": _l("Where?"), "headcount": _l("How many came?")},
    **{"came_of_it": _l("What came of it?"), "text": _l("The text"), "headline": _l("Headline")},
    **{"start": _l("From"), "end": _l("Until"), "last_day": _l("Last day"), "demand": _l("What is demanded?")},
    **{"now": _l("Ticked"), "turnout others": _l("How many others came?")},
}
OF_ITS_PAGE = ("about", "after", "change", "others_was", "tick", "version", "was")  # nobody has typed that
NAMES = {  # of what was chosen, not typed
    "stand": {str(int(stand)): name for stand, name in STANDS.items() if stand is not None},
    **{key: {one.value: name for one, name in STRUGGLES.items()} for key in ("struggles", "others")},
    "form": {one.value: name for one, name in FORMS.items()},
}
KINDS = {"talk": _l("A talk"), "action": _l("What we did"), "story": _l("A story"), "draft": _l("A paper")}
KINDS |= {"piece": _l("A piece of a paper"), "turnout": _l("Who came")}


@pages.get("")
def index(site_id: uuid.UUID) -> str:
    """All of them."""
    me = identity.open_site(site_id)
    parked = ParkedLetter.at(site_id)
    names = {**NAMES, "now": _ticked(site_id, parked)}
    unproven = sum(one.what.why is Parking.UNPROVEN for one in parked)
    words = {
        "unproven": unproven,
        "kinds": KINDS,
        "fields": FIELDS,
        "of_its_page": OF_ITS_PAGE,
        "names": names,
        "why": say_code,
    }
    return render_template("inbox/parked_letters/index.html", site=me.site, parked=parked, **words)


def _ticked(site_id: uuid.UUID, parked: Iterable[ParkedLetter]) -> dict[str, str]:
    """The names of those who were ticked, by the ids that their letters have."""
    said = (one.what.written for one in parked)
    ids = {value for written in said if written and written.kind == "turnout" for value in written.all("now")}
    there = Contact.among(site_id, {uuid.UUID(hex=one) for one in ids if HEX.fullmatch(one)}) if ids else []
    return {one.id.hex: one.name for one in there}


@pages.post("/unproven/end")
def throw_unproven_away(site_id: uuid.UUID) -> Response:
    """All that nobody is known to have written: one phone's token is enough to make very many."""
    identity.open_site(site_id)
    for one in ParkedLetter.at(site_id):
        if one.what.why is Parking.UNPROVEN:
            ParkedLetter.throw_away(site_id, one.id)
    identity.commit_and_forget()
    return redirect(url_for(".index", site_id=site_id), 303)


@pages.post("/<uuid:parked_id>/end")
def throw_away(site_id: uuid.UUID, parked_id: uuid.UUID) -> Response:
    """It was seen to."""
    identity.open_site(site_id)
    if ParkedLetter.of(site_id, parked_id) is None and SentForm.of(site_id, parked_id) is None:
        abort(404)  # and not where it was sent twice
    ParkedLetter.throw_away(site_id, parked_id)
    identity.commit_and_forget()
    return redirect(url_for(".index", site_id=site_id), 303)
