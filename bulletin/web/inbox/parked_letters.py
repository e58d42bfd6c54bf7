"""Letters that could not be filed: all that is in them, to be copied and thrown away."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from bulletin.domain.inbox.letters import ParkedLetter
from bulletin.domain.site.sent_forms import SentForm
from bulletin.web.guard import identity
from bulletin.web.shared.labels import FORMS, STANDS, STRUGGLES
from bulletin.web.shared.sentences import say_code

pages = Blueprint("parked_letters", __name__, url_prefix="/sites/<uuid:site_id>/letters")

FIELDS = {
    **{"name": _l("With whom?"), "stand": _l("Where do they stand?"), "struggles": _l("What came up?")},
    **{"others": _l("What else?"), "note": _l("A short note"), "day": _l("Which day?"), "form": _l("What is it?")},
    **{"title": _l("Heading"), "place": _l("Where?"), "headcount": _l("How many came?")},
    **{"came_of_it": _l("What came of it?"), "text": _l("The text"), "headline": _l("Headline")},
}
NAMES = {  # of what was chosen, not typed
    "stand": {str(int(stand)): name for stand, name in STANDS.items() if stand is not None},
    **{key: {one.value: name for one, name in STRUGGLES.items()} for key in ("struggles", "others")},
    "form": {one.value: name for one, name in FORMS.items()},
}
KINDS = {"talk": _l("A talk"), "action": _l("What we did"), "story": _l("A story"), "draft": _l("A paper")}


@pages.get("")
def index(site_id: uuid.UUID) -> str:
    """All of them."""
    me = identity.open_site(site_id)
    words = {"kinds": KINDS, "fields": FIELDS, "names": NAMES, "why": say_code}
    return render_template("inbox/parked_letters/index.html", site=me.site, parked=ParkedLetter.at(site_id), **words)


@pages.post("/<uuid:parked_id>/end")
def throw_away(site_id: uuid.UUID, parked_id: uuid.UUID) -> Response:
    """It was seen to."""
    identity.open_site(site_id)
    if ParkedLetter.of(site_id, parked_id) is None and SentForm.of(site_id, parked_id) is None:
        abort(404)  # and not where it was sent twice
    ParkedLetter.throw_away(site_id, parked_id)
    identity.commit_and_forget()
    return redirect(url_for(".index", site_id=site_id), 303)
