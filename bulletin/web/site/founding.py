"""Founding: the network with its first site, by the installation's code; a further site, by an invitation."""

from __future__ import annotations

from babel import Locale
from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import get_locale, gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields import SelectChoice

from bulletin.db import db
from bulletin.domain.site import founding
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Member
from bulletin.domain.site.accounts.refused_tries import Try
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.founding import FoundingCode
from bulletin.domain.site.governance import bringing_in
from bulletin.domain.site.invitations import Invitation
from bulletin.domain.site.sites import Network, Site
from bulletin.vault import keys, tenancy, words
from bulletin.web.guard import identity, refused_tries
from bulletin.web.shared.forms import PlainForm, choice_field, line_field, one_of, options
from bulletin.web.shared.labels import PAPER_NAMES
from bulletin.web.shared.places import LETTER, countries, languages, proposed, time_zones, zones_by_region
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sentences import say

from . import newcomers
from .labels import SITE_KINDS
from .newcomers import NewcomerForm
from .pins import first

pages = Blueprint("founding", __name__, url_prefix="/foundings")

NAME_MAX = 80
CHOOSE = _l("Choose")
ABOUT = ("kind", "name", "country", "time_zone", "language", "paper")


class SiteForm(PlainForm):
    """A site: where it is, and how its papers are printed."""

    page_order = (
        "code",
        "network",
        *(f"site_{name}" for name in ABOUT),
        *("handle", "secret", "place"),
    )
    code = StringField(_l("Founding code"))
    site_kind = choice_field(_l("What kind of place is it?"), SITE_KINDS, _l("Choose what kind of place it is."))
    site_name = line_field(_l("Name of the group"), NAME_MAX, _l("Enter a name for the group: a place, a street."))
    site_country = SelectField(_l("Country"), validate_choice=False)
    site_time_zone = SelectField(
        _l("Time zone"),
        validate_choice=False,
        validators=[one_of(time_zones(), _l("Choose the time zone: the nearest large town will do."))],
    )
    site_language = SelectField(_l("Language of its papers"), validate_choice=False, default="en")
    site_paper = choice_field(_l("Paper"), PAPER_NAMES, _l("Choose A4 or US Letter."), default="a4")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        locale = get_locale() or Locale("en")
        self.site_country.choices = options({"": CHOOSE, **countries(locale)})
        self.site_language.choices = options(languages(locale))
        self.site_time_zone.choices = [SelectChoice("", CHOOSE), *zones_by_region()]
        self.site_country.validators = [one_of(countries(locale), _("Choose the country."))]
        self.site_language.validators = [one_of(languages(locale), _("Choose the language."))]

    def about(self) -> dict[str, str]:
        """What founding a site asks for."""
        return {name: self[f"site_{name}"].data for name in ABOUT}


class FirstForm(SiteForm, NewcomerForm):
    """The network, its first site, and who founds it."""

    network = line_field(_l("Name of the network"), NAME_MAX, _l("Enter a name for the network."))


class FurtherForm(SiteForm):
    """A further site, by somebody who is a member already."""

    code = HiddenField()


class FurtherByNewcomerForm(FurtherForm, NewcomerForm):
    """A further site, and who founds it."""


@pages.get("/new")
def new() -> AnyResponse:
    """The page to found a network on."""
    if Network.here() is not None:
        return redirect("/")
    return _first_page(FirstForm(data=proposals()))


@pages.post("")
def create() -> AnyResponse:
    """A network with one site that has one member, who is signed in."""
    form = FirstForm(request.form)
    if (back := newcomers.sent_twice(form)) is not None:
        return back
    if Network.here() is not None:
        return redirect("/", 303)
    sound = form.validate()
    if FoundingCode.matching(form.code.data or "") is None:
        refused_tries.count(Try.WRONG_CODE)
        form.complain(form.code, _code_sentence(form.code.data))
        sound = False
    if not sound:
        return _first_page(form, 422)
    newcomer = newcomers.meet(form)
    if newcomer is None:
        status = 422 if form.errors else 200
        return make_response(newcomers.page(form, url_for(".create")), status)
    if (back := newcomers.sent_twice(form)) is not None:
        return back
    code = FoundingCode.matching(form.code.data)
    if code is None or not form.validate():
        return _first_page(form, 422)
    if not newcomers.offer(form):
        return make_response(newcomers.page(form, url_for(".create")), 422)
    network = founding.found_network(code, form.network.data)
    member = newcomer.join()
    device, token = newcomer.begin_device(member)
    site = _found(network, member, form)
    return _arrive(site, device, token, newcomer.private)


@pages.post("/further")
def create_further() -> AnyResponse:
    """A further site of the network, by an invitation; a member is its first, or somebody new."""
    member = identity.member()
    form = FurtherForm(request.form) if member else FurtherByNewcomerForm(request.form)
    if isinstance(form, FurtherByNewcomerForm) and (back := newcomers.sent_twice(form)) is not None:
        return back
    if _invitation(form) is None:
        return redirect(url_for("joining.new"), 303)
    if not form.validate():
        return further_page(form, 422)
    if isinstance(form, FurtherByNewcomerForm):
        newcomer = newcomers.meet(form)
        if newcomer is None:
            status = 422 if form.errors else 200
            return make_response(newcomers.page(form, url_for(".create_further")), status)
        if (back := newcomers.sent_twice(form)) is not None:
            return back
        if not form.validate():
            return further_page(form, 422)
        if not newcomers.offer(form):
            return make_response(newcomers.page(form, url_for(".create_further")), 422)
    invitation, network = _invitation(form), Network.here()
    if invitation is None or network is None:
        return redirect(url_for("joining.new"), 303)
    if member is not None:
        # Nobody changes their words meanwhile: the place has their key.
        db.session.refresh(member, with_for_update=True)
        site = _found(network, member, form)
        invitation.spend()
        db.session.commit()
        return redirect(url_for("home.show", site_id=site.id), 303)
    member = newcomer.join()
    device, token = newcomer.begin_device(member)
    invitation.spend()
    site = _found(network, member, form)
    return _arrive(site, device, token, newcomer.private)


def further_form(code: str) -> SiteForm:
    """The form an invitation to found leads to."""
    known = {"code": code, **proposals()}
    return FurtherForm(data=known) if identity.member() else FurtherByNewcomerForm(data=known)


def proposals() -> dict[str, str]:
    """What the browser says of where it is, for the fields of a site; a script adds the time zone of its clock."""
    return {f"site_{name}": value for name, value in proposed(list(request.accept_languages.values())).items()}


def further_page(form: SiteForm, status: int = 200) -> Response:
    """The page to found a further site on."""
    return render("site/founding/further.html", status, form=form, letter=sorted(LETTER))


def _first_page(form: FirstForm, status: int = 200) -> Response:
    return render("site/founding/new.html", status, form=form, letter=sorted(LETTER))


def _found(network: Network, member: Member, form: SiteForm) -> Site:
    site, site_key = founding.found_site(network, member, **form.about())
    tenancy.bind(db.session, site.id)
    ring = keys.Keyring()
    ring.add(site.id, site.generation, site_key)
    identity.use(ring)
    Event.note(site, Deed.FOUNDED, by=member.handle)
    return site


def _arrive(site: Site, device: Device, token: bytes, private: keys.PrivateKey) -> AnyResponse:
    shared, back = device.shared, first(url_for("home.show", site_id=site.id), device, private)
    db.session.commit()
    response = redirect(back, 303)
    identity.remember(response, token, shared=shared)
    return response


def _invitation(form: SiteForm) -> Invitation | None:
    try:
        invitation = bringing_in.found(words.from_link_text(form.code.data or ""))
    except words.Mistyped:
        return None
    return invitation if invitation is not None and invitation.site_id is None else None


def _code_sentence(typed: str | None) -> str:
    try:
        words.from_link_text(typed or "")
    except words.Mistyped as mistake:
        return say(mistake) if typed else _("Enter the code that was printed when the program was started.")
    return _("This is not the code that was printed last. Look at where the program was started.")
