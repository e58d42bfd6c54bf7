"""Every field of every form understands or drops signs that come along from elsewhere: nothing is refused for one."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
import sqlalchemy as sa
import wtforms
from werkzeug.datastructures import MultiDict
from wtforms.fields import PasswordField, StringField, TextAreaField
from wtforms.fields.core import UnboundField

from bulletin import web
from bulletin.db import db
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.web.guard import errors
from tests.homes import ON_SQLITE
from tests.web import writing
from tests.web.notebook import inside
from tests.web.workmates import note
from tests.web.writing import cast, one_house, settled  # noqa: F401

TYPED = "\ufeff\u202aAda\u202c\u2028Bly\x0bCox \U0001fae9"
MEANT = {"Ada\nBly\nCox \U0001fae9", "Ada Bly Cox \U0001fae9"}
# What is no text: codes of our own, which are read letter by letter, and what browsers have a field of their own for.
NO_TEXT = {"code"}
NO_TEXT_TYPES = ("DateField", "TimeField", "IntegerField")


def forms() -> list[type[wtforms.Form]]:
    for module in pkgutil.walk_packages(web.__path__, "bulletin.web."):
        importlib.import_module(module.name)
    found, ask = [], [wtforms.Form]
    while ask:
        ask = [one for form in ask for one in form.__subclasses__()]
        found += [one for one in ask if one.__module__.startswith("bulletin.")]
    return found


def texts(form: type[wtforms.Form]) -> list[tuple[str, UnboundField]]:
    fields = ((name, getattr(form, name)) for name in dir(form) if not name.startswith("_"))
    return [
        (name, one)
        for name, one in fields
        if isinstance(one, UnboundField)
        and issubclass(one.field_class, StringField | TextAreaField)
        and not issubclass(one.field_class, PasswordField | wtforms.HiddenField)
        and name not in NO_TEXT
    ]


EVERY = sorted({(form, name) for form in forms() for name, _one in texts(form)}, key=str)


def test_there_are_forms():
    assert len({form for form, _name in EVERY}) > 20


@pytest.mark.parametrize(("form", "name"), EVERY, ids=lambda one: getattr(one, "__name__", one))
def test_a_field_takes_signs_from_elsewhere(form, name):
    field = dict(texts(form))[name].bind(wtforms.Form(), name)
    field.process(MultiDict({name: TYPED}))
    assert field.data in MEANT


@ON_SQLITE
def test_a_note_with_them_is_noted(cast):  # noqa: F811
    rosa = cast["rosa"]
    answer = rosa.sends(
        f"{rosa.site}/contacts", name="\u202aAda\u202c", phone="\u202a+44 7700 900123\u202c", notes=TYPED
    )
    assert answer.status_code == 303
    with inside(rosa) as place:
        (ada,) = Contact.at(place.site_id)
        assert (ada.name, ada.brief.phone) == ("Ada", "+447700900123")
        assert ada.details.notes in MEANT
    assert note(rosa, answer.location, note=TYPED).status_code == 303
    with inside(rosa) as place:
        (talk,) = db.session.scalars(sa.select(Conversation).filter_by(site_id=place.site_id))
        assert talk.said.note in MEANT
    answer = rosa.sends(f"{rosa.site}/contacts", name="\u3164\u2800")
    assert writing.beside(answer, "name")


def test_what_is_typed_for_others_is_called_as_no_passphrase_is():
    """Or it would be gone after signing in anew, and the form sent with other words in it be taken for done."""
    called = {(form.__name__, name) for form in forms() for name, _ in texts(form) if name in errors.NOT_KEPT}
    assert called == {("SearchForm", "words")}, "a search makes nothing"
