"""What a phone keeps for when there is no signal: a first page, and empty forms. They are the same for everybody."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import gettext as _

from bulletin.web.people.conversation_forms import NewTalkForm
from bulletin.web.shared.forms import PlainForm
from bulletin.web.shared.rendering import render

from .forms import ActionForm, DraftForm, StoryForm

pages = Blueprint("offline", __name__, url_prefix="/offline")


@pages.get("")
def index() -> Response:
    """What can be written down."""
    return render("inbox/offline/index.html")


@pages.get("/talk")
def talk() -> Response:
    """A talk; nobody's name is offered."""
    return _form("talk", _("Note a talk"), NewTalkForm().offer(None))


@pages.get("/action")
def action() -> Response:
    """What was done, and how many came."""
    return _form("action", _("What we did"), ActionForm())


@pages.get("/story")
def story() -> Response:
    """A piece of the paper that is being written."""
    return _form("story", _("A story"), StoryForm())


@pages.get("/draft")
def draft() -> Response:
    """A new paper."""
    return _form("draft", _("A paper"), DraftForm())


def _form(kind: str, name: str, form: PlainForm) -> Response:
    return render(f"inbox/offline/{kind}.html", kind=kind, name=name, form=form)
