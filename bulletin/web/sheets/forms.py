"""What is sent to set a sheet: a text, or a file in its place."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import FileField, Form, HiddenField, RadioField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import AnyOf

from bulletin.press.jobs import Busy
from bulletin.press.manuscript import Manuscript, ManuscriptError, read as read_manuscript
from bulletin.press.mistake import Wrong
from bulletin.press.paper import PAPERS
from bulletin.web.guard import bodies
from bulletin.web.guard.errors import no_press
from bulletin.web.shared.forms import options, unix_lines
from bulletin.web.shared.labels import PAPER_NAMES
from bulletin.web.shared.sentences import say

from . import samples

FILE_MAX = 500_000  # bytes; with the text beside it, a body that is taken
QUOTE_MAX = 80  # characters of the line that is wrong


class SheetForm(Form):
    """A text, or a file in its place, and the paper it is for."""

    manuscript = TextAreaField(_l("Text"), filters=[unix_lines])
    file = FileField(_l("Or choose a text file"))
    paper = RadioField(
        _l("Paper"),
        choices=options(PAPER_NAMES),
        default="a4",
        validate_choice=False,  # AnyOf does it, in our own words
        validators=[AnyOf(list(PAPERS), message=_l("Choose A4 or US Letter."))],
    )

    setting = HiddenField()  # what the press chose last, for the looks until it chooses anew
    begin = HiddenField()  # a button's: what to put into the text
    patience = HiddenField()  # our script's: "none" where nobody asked

    line: int | None = None  # of the text, where it is wrong
    earlier = ""  # what was typed before a file took its place
    took_file = False
    was_changed = False  # by us: the box must show it
    was_too_long = False
    was_too_much = False  # for its sheet
    press_was_busy = False

    @classmethod
    def sent(cls) -> SheetForm:
        """The form of this request, with a chosen file's text in the place of the text."""
        try:
            form = cls(CombinedMultiDict([request.form, request.files]))
        except RequestEntityTooLarge:
            typed = bodies.typed()
            if "manuscript" not in typed:
                raise
            form = cls(MultiDict(typed))
            form.was_too_long = True
        form.validate()
        if form.was_too_long:
            form.complain(too_big(), form.file)
        elif form.file.data:
            form._take(form.file.data.read())
        return form

    def read(self) -> Manuscript | None:
        """The manuscript; None, and said why beside its field, where it cannot be read."""
        if self.file.errors:
            return None
        if not self.manuscript.data.strip():
            self.complain(_("Write or paste your text, or choose a file."))
            return None
        try:
            return read_manuscript(self.manuscript.data, pictures=())  # nothing is kept here, so there are none
        except ManuscriptError as error:
            if error.code is Wrong.HEADER_MISSING:
                self.complain(_("What kind of page is this? Choose one below: your words stay."))
                return None
            self.line = error.line
            self.complain(say(error.with_line))
            return None

    def complain(self, sentence: str, field: Field | None = None) -> None:
        """Say beside a field, the text if none is given, what is to be mended there."""
        field = field or self.manuscript
        field.errors = [*field.errors, sentence]

    def find_no_press(self, busy: Busy) -> None:
        """Say that every press is taken, or why else none prints now."""
        self.press_was_busy = True
        self.complain(no_press(busy))

    @property
    def quote(self) -> str:
        """The line that is wrong, as it was typed."""
        lines = self.manuscript.data.split("\n")
        line = lines[self.line - 1].strip() if self.line and self.line <= len(lines) else ""
        return line if len(line) <= QUOTE_MAX else line[: QUOTE_MAX - 1] + "…"

    @property
    def complaints(self) -> list[dict[str, Any]]:
        """Field, sentence and line of all that is to be mended."""
        return [
            {"field": name, "sentence": str(sentence), "line": self.line if name == "manuscript" else None}
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]

    def _take(self, content: bytes) -> None:
        if not content.strip():
            self.complain(_("This file is empty: choose another."), self.file)
            return
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            try:
                read_manuscript(content)
            except ManuscriptError as error:
                self.complain(say(error), self.file)
            return
        replaceable = {"", unix_lines(text).strip(), *samples.samples()}
        if self.manuscript.data.strip() not in replaceable:
            self.earlier = self.manuscript.data
        self.manuscript.data = unix_lines(text)
        self.took_file = self.was_changed = True


def senders_taken_off(messages: int) -> str:
    """What was left out of a text from a messenger; empty where nothing was."""
    if not messages:
        return ""
    return ngettext(
        "The name and the time in front of %(num)d message are taken off.",
        "The names and times in front of %(num)d messages are taken off.",
        messages,
    )


def too_big() -> str:
    """Said of a file, here and by our script."""
    return _("This file is too big: choose a text file of less than 500 kB.")
