"""A contact has one field more: through every page, everything held, merging, taking along and bringing in.

It is run by test_one_field_more, on a copy of the house that has the field: see there.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile

from bulletin.domain.people.contacts import Contact
from bulletin.vault import keys, parcels
from bulletin.vault.sealed import sealed_field
from tests.homes import ON_SQLITE
from tests.web.house import SITE, House, Person, errors, house  # noqa: F401
from tests.web.people.test_contacts import facts
from tests.web.portability.test_exports import asks, brings, inside, other, rosa, takes  # noqa: F401
from tests.web.workmates import add

pytestmark = ON_SQLITE


def saved_before(house: House, person: Person) -> None:  # noqa: F811
    """All contacts are as they were stored before there was such a field."""
    with inside(house, person) as site:
        for contact in Contact.at(site.id):
            field, at = sealed_field(Contact, "details"), (site.id, "contact", "details", contact.id)
            ring = keys.current.get()
            stored = json.loads(ring.open(*at, getattr(contact, field.attribute)))
            assert stored.pop("pronouns") == ""
            setattr(contact, field.attribute, ring.seal(*at, json.dumps(stored).encode()))


def test_it_is_asked_shown_held_merged_taken_along_and_brought_in(house: House, rosa: Person, other: House) -> None:  # noqa: F811
    jo, dora = add(rosa, "Jo", notes="Sings."), add(rosa, "Dora")
    saved_before(house, rosa)
    for page in (jo, f"{jo}/edit", f"{jo}/everything", f"{rosa.site}/contacts"):
        assert rosa.opens(page).status_code == 200, page
    assert "Pronouns: –" in facts(rosa, jo)
    # It is asked, kept, and has its limit.
    form = rosa.reads(f"{jo}/edit")
    assert "Pronouns" in form.words
    too_long = rosa.sends(jo, **{**form.hidden, "name": "Jo", "pronouns": "x" * 121})
    assert (too_long.status_code, "“Pronouns” has room for 120 letters: take out 1." in errors(too_long)) == (422, True)
    saved = rosa.sends(jo, **{**form.hidden, "name": "Jo", "notes": "Sings.", "pronouns": "they, says Dora"})
    assert saved.status_code == 303
    # It is shown, held, and looked through for names.
    assert "they, says Dora" in rosa.reads(jo).words
    assert "Pronouns: they, says Dora" in facts(rosa, jo)
    assert jo in rosa.opens(f"{dora}/everything").text, "where she is named"
    # Of two that become one it is kept of both.
    joanna = add(rosa, "Joanna", pronouns="she")
    merged = rosa.sends(f"{jo}/merging", other=joanna.rpartition("/")[2].replace("-", ""))
    assert merged.status_code == 303
    assert "Pronouns: they, says Dora, she" in facts(rosa, jo)
    # Somebody who saves meanwhile is shown it.
    stale = rosa.reads(f"{jo}/edit").hidden
    rosa.sends(jo, **{**stale, "name": "Jo", "pronouns": "they"})
    differs = rosa.sends(jo, **{**stale, "name": "Jo", "pronouns": "ze"})
    assert (differs.status_code, '<dd translate="no">they</dd>' in differs.text) == (409, True)
    # It goes along, into its column, and arrives.
    file, phrase = takes(rosa, asks(rosa))
    folder = zipfile.ZipFile(io.BytesIO(parcels.unseal(file, phrase)))
    people = csv.DictReader(io.StringIO(folder.read("contacts.csv").decode("utf-8-sig")))
    assert {row["name"]: row["pronouns"] for row in people} == {"Jo": "they", "Dora": ""}
    clara = other.person()
    clara.becomes("/foundings", "Clara", code=other.code, network="Elsewhere", **SITE)
    assert brings(clara, file, phrase).status_code == 303
    there = jo.replace(rosa.site, clara.site)
    assert "Pronouns: they" in facts(clara, there)
