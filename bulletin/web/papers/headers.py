"""What stands at the top and at the foot of a bulletin."""

from __future__ import annotations

import uuid
from typing import Any

from babel import Locale
from flask import Blueprint, Response, jsonify, make_response, redirect, request, url_for
from flask_babel import get_locale, gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField, StringField

from bulletin.domain.papers.advice.imprints import imprint_card
from bulletin.domain.papers.articles import Article, Stale
from bulletin.domain.papers.headers import FIELDS, lines_of
from bulletin.domain.papers.written import Written
from bulletin.press.header import FLOW, HEADER as LONGEST, KEEP
from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import ManuscriptError, read as read_manuscript
from bulletin.web.guard.errors import wants_json
from bulletin.web.shared import edit_conflicts
from bulletin.web.shared.forms import line_field, one_line, one_of, options
from bulletin.web.shared.places import languages as named_languages
from bulletin.web.shared.refused import answered, refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sentences import say, say_code

from . import editor

pages = Blueprint("bulletin_headers", __name__, url_prefix="/sites/<uuid:site_id>/bulletins/<uuid:bulletin_id>/header")


TAKEN_FROM_MAX = 300


def name_of(key: str) -> str:
    """The name of the field for a key of a header."""
    return key.replace(" ", "_")


class HeaderForm(editor.SavedForm):
    """What stands at the top and at the foot of a sheet."""

    page_order = (
        *("headline", "strapline", "masthead", "number", "date", "site"),
        *("reply", "published_by", "printed_by", "kind", "language", "lines", "official", "taken_from"),
    )
    headline = line_field(_l("Headline"), LONGEST["headline"])
    strapline = line_field(_l("Line below it"), LONGEST["strapline"])
    masthead = line_field(_l("Name of the paper"), LONGEST["masthead"])
    number = line_field(_l("Number"), LONGEST["number"])
    date = StringField(_l("Date"), filters=[one_line])
    site = line_field(_l("Where it is from"), LONGEST["site"])
    reply = line_field(_l("Address to answer to"), LONGEST["reply"])
    published_by = line_field(_l("Published by"), LONGEST["imprint"] // 2)
    printed_by = line_field(_l("Printed by"), LONGEST["imprint"] // 2)
    kind = SelectField(_l("Kind"), validate_choice=False, validators=[one_of(KINDS, _l("Choose a kind."))])
    language = SelectField(_l("Language"), validate_choice=False)
    lines = SelectField(_l("A single line break"), default="", validate_choice=False)
    official = SelectField(
        _l("If it calls people out: is that official?"),
        choices=options({"": _l("It does not, or it is not"), "yes": _l("Yes: whoever must call it has called it")}),
        validate_choice=False,
    )

    taken_from = line_field(_l("Made from"), TAKEN_FROM_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options({kind.name: _(kind.title) for kind in KINDS.values()})
        # A paper from before there was a choice says nothing.
        flows = FLOW if self.lines.data == FLOW else ""
        self.lines.choices = options({KEEP: _("Ends the line"), flows: _("Flows on: an empty line ends a paragraph")})
        known = named_languages(get_locale() or Locale("en"))
        typed = self.language.data or ""
        self.language.choices = options({**known, typed: known.get(typed, typed)} if typed else {"": "", **known})

    @classmethod
    def of(cls, header: Article) -> HeaderForm:
        """The form as the header stands."""
        fields = {name_of(key): text for key, text in header.fields.items()}
        return cls(data={**fields, "version": str(header.version)})

    def typed(self) -> dict[str, str]:
        """What stands in its fields, by the keys of a header."""
        return {key: self[name_of(key)].data or "" for key in FIELDS}

    def read_by_press(self) -> bool:
        """Would the press take it? What it says of a field is said beside it."""
        for name in ("date", "reply", "language", "lines"):
            text = self[name].data
            if not text:
                continue
            try:
                read_manuscript(f"---\nkind: regular\nheadline: x\n{name}: {text}\n---\nx")
            except ManuscriptError as error:
                self.complain(self[name], say(error))
        return not self.errors


@pages.get("")
def edit(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> Response:
    """Headline, name, number, date, how to answer, who printed it."""
    opened = editor.open_bulletin(site_id, bulletin_id)
    written = Written(opened.bulletin)
    form = HeaderForm.of(written.header)
    if wants_json():
        fields = {name_of(key): text for key, text in form.typed().items()}
        return jsonify(version=form.version.data, fields=fields)
    return _page(opened, written, form)


@pages.post("")
def save(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> AnyResponse:
    """Change it; a stale form shows both."""
    opened = editor.open_bulletin(site_id, bulletin_id, to_change=True)
    form = HeaderForm(request.form)
    written = Written(opened.bulletin)
    if not (form.validate() and form.read_by_press()):
        return _page(opened, written, form, 422)

    def again(status: int, why: str = "") -> Response:
        opened = editor.open_bulletin(site_id, bulletin_id)
        written = Written(opened.bulletin)
        if why:
            form.complain(form.change if opened.bulletin.is_agreed else form.headline, why)
        return _page(opened, written, form, status, theirs=None if why else HeaderForm.of(written.header))

    with answered(Stale, lambda _stale: again(409)), refusals(lambda why: again(422, why)):
        saved = editor.save(opened.me, written, written.header, "", lines_of(form.typed()), form)
    return saved if saved is not None else redirect(url_for("bulletins.show", **opened.here), 303)


def _page(
    opened: editor.OpenBulletin,
    written: Written,
    form: HeaderForm,
    status: int = 200,
    theirs: HeaderForm | None = None,
) -> Response:
    if wants_json() and status != 200:
        return make_response(jsonify(errors=form.complaints, stale=theirs is not None), status)
    card = imprint_card(opened.me.site.country)
    if theirs is not None:
        form.version.data = theirs.version.data
    return render(
        "papers/headers/edit.html",
        status,
        form=form,
        card=card,
        rule=card and say_code(card.rule),
        law=card and say_code(card.source),
        differ=edit_conflicts.differences(form, theirs),
        **editor.around(opened, written, written.header),
    )
