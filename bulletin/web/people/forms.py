"""What is asked about workmates: who they are, whom one looks for, and whether two of them are one."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField

from bulletin.db import today
from bulletin.domain.people import phone_numbers
from bulletin.domain.people.contacts import NAME_MAX, Consent, Contact, Stand, fields
from bulletin.domain.people.search import Wanted
from bulletin.domain.people.units import UnitNames
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.refusals import NotAllowed
from bulletin.web.shared.edit_conflicts import fingerprint
from bulletin.web.shared.forms import PlainForm, asks, line_field, one_line, options
from bulletin.web.shared.labels import STANDS
from bulletin.web.shared.sentences import say

WORDS_MAX = 200
NONE = "-"  # none in particular; empty is any
NOT_KNOWN = "0"  # in the place of where somebody stands


@asks(fields())
class ContactForm(PlainForm):
    """What is known of one. A name is enough. What is not said of a field here is said where it is kept."""

    kept: tuple[str, ...]
    name = line_field(_l("Name"), NAME_MAX, _l("Enter the name, or what people call them."))
    department = SelectField(_l("Department"), validate_choice=False)
    shift = SelectField(_l("Shift"), validate_choice=False)
    consent = SelectField(_l("Do they know that they are in this list?"), default=Consent.NOT_YET.value)
    version = HiddenField(default="0")
    seen = HiddenField(default="")

    @classmethod
    def for_site(cls, units: UnitNames, *args: Any, **kwargs: Any) -> ContactForm:
        """With the departments and shifts to choose from."""
        form = cls(*args, **kwargs)
        form.department.choices = options({"": _("not said"), **units.departments})
        form.shift.choices = options({"": _("not said"), **units.shifts})
        form.consent.choices = options({Consent.NOT_YET.value: _("not yet"), Consent.KNOWS.value: _("they know")})
        return form

    @classmethod
    def about(cls, contact: Contact, units: UnitNames, country: str) -> ContactForm:
        """With what is known of somebody."""
        known = known_of(contact)
        told = {**known, "phone": phone_numbers.shown(known["phone"], country) if known["phone"] else ""}
        return cls.for_site(units, data={**told, "version": str(contact.version), "seen": fingerprint(known)})

    def asked(self, me: Membership) -> dict[str, Any] | None:
        """What was typed, as a contact keeps it; None where something is to be mended."""
        self.validate()
        phone = ""
        try:
            phone = phone_numbers.normal(self.phone.data or "", me.site.country)
        except NotAllowed as reason:
            self.complain(self.phone, say(reason))
        if self.errors:
            return None
        typed = {name: self[name].data or "" for name in self.kept}
        for unit in (self.department, self.shift):
            if unit.data not in {value for value, *_rest in unit.iter_choices()}:
                typed[unit.name] = ""
        if typed["consent"] not in {one.value for one in Consent}:
            typed["consent"] = Consent.NOT_YET.value
        return {**typed, "phone": phone}

    @property
    def opened(self) -> bool:
        """Was more than a name typed, or is more than that to be mended? Then the rest is shown open."""
        if self.errors.keys() - {"name"}:
            return True
        return any(self[name].data not in (None, "", Consent.NOT_YET.value) for name in self.kept[1:])


def known_of(contact: Contact) -> dict[str, str]:
    """What the form asks, as it is known."""
    known = (contact.brief, contact.details)
    return {name: str(next(getattr(one, name) for one in known if hasattr(one, name))) for name in ContactForm.kept}


def with_consent(typed: dict[str, Any], me: Membership, before: str = Consent.NOT_YET.value) -> dict[str, Any]:
    """With the day from which somebody knows that they are in the list."""
    if typed["consent"] == before:
        return typed
    knows = typed["consent"] == Consent.KNOWS.value
    return {**typed, "consent_on": today(me.site.zone).isoformat() if knows else ""}


class SearchForm(PlainForm):
    """Who is looked for. Nothing of it stands in an address."""

    page_order = ("words", "department", "shift", "stand", "gone")
    words = StringField(_l("Find"), filters=[one_line])
    department = SelectField(_l("Department"), validate_choice=False)
    shift = SelectField(_l("Shift"), validate_choice=False)
    stand = SelectField(_l("Where they stand"), validate_choice=False)
    gone = BooleanField(_l("Show who has gone, too"))

    @classmethod
    def for_site(cls, units: UnitNames, *args: Any, **kwargs: Any) -> SearchForm:
        """With what there is to choose from."""
        form = cls(*args, **kwargs)
        stands = {str(int(stand)) if stand else NOT_KNOWN: name for stand, name in STANDS.items()}
        form.department.choices = options({"": _("any"), **units.departments, NONE: _("not said")})
        form.shift.choices = options({"": _("any"), **units.shifts, NONE: _("not said")})
        form.stand.choices = options({"": _("any"), **stands})
        return form

    @property
    def wanted(self) -> Wanted:
        """The same for the domain; what is no choice is any."""
        stands = {NOT_KNOWN: None, **{str(int(stand)): stand for stand in Stand}}
        stand = self.stand.data or ""
        return Wanted(
            words=(self.words.data or "")[:WORDS_MAX],
            department=_unit(self.department),
            shift=_unit(self.shift),
            stands=(stands[stand],) if stand in stands else None,
            gone=bool(self.gone.data),
        )

    @property
    def narrowed(self) -> bool:
        """Is anybody left out by more than words?"""
        return bool(self.department.data or self.shift.data or self.stand.data or self.gone.data)


def _unit(field: SelectField) -> str | None:
    chosen = field.data or ""
    if chosen not in {value for value, *_rest in field.iter_choices()} or not chosen:
        return None
    return "" if chosen == NONE else chosen


class OtherForm(PlainForm):
    """Who may be the same as somebody: chosen among those who look alike, or by name."""

    page_order = ("other", "name")
    other = HiddenField(default="")
    name = line_field(_l("Look for another name"), NAME_MAX)
