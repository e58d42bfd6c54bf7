"""What can be written down without signal, besides a talk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from bulletin.domain.actions.actions import OTHERS_MAX, PLACE_MAX, TEXT_MAX, FormOfAction
from bulletin.web.shared.forms import DayField, PlainForm, WholeNumberField, line_field, options, text_field
from bulletin.web.shared.labels import FORMS

LINE_MAX = 120
STORY_MAX = 20_000  # letters: with more, what is sealed may be longer than what is taken


class ActionForm(PlainForm):
    """What was done, and how many came."""

    form = SelectField(
        _l("What is it?"),
        choices=options({form.value: name for form, name in FORMS.items()}),
        default=FormOfAction.MEETING.value,
    )
    title = line_field(_l("A short name"), PLACE_MAX)
    day = DayField(_l("Which day?"), optional=True)
    place = line_field(_l("Where?"), PLACE_MAX)
    headcount = WholeNumberField(_l("How many came?"), OTHERS_MAX, "")
    came_of_it = text_field(_l("What came of it?"), TEXT_MAX)


class StoryForm(PlainForm):
    """A piece of a paper."""

    title = line_field(_l("Heading"), LINE_MAX)
    text = text_field(_l("What happened?"), STORY_MAX)


class DraftForm(PlainForm):
    """A paper."""

    headline = line_field(_l("Headline"), LINE_MAX)
    text = text_field(_l("The text"), STORY_MAX)
