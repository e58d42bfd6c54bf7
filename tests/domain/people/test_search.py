"""Finding people: by words, places and stands; by name; by whom they may be."""

from __future__ import annotations

import uuid

import pytest

from bulletin.db import db
from bulletin.domain.people import search
from bulletin.domain.people.contacts import NICKNAMES_MAX, Brief, Contact, Stand
from bulletin.domain.people.merge import merge
from bulletin.domain.people.search import Listed, Wanted, called, everybody, looking_like, named


def listed(name: str, **brief: object) -> Listed:
    return Listed(uuid.uuid4(), Brief(name=name, **brief))


ANNA = listed("Anna Berg", nickname="Speedy, Annie", title="Van driver", department="d", stand=int(Stand.WITH_US))
BEA = listed("Béa O'Neill", phone="+447700900123", shift="s")
GONE = listed("Anna", gone="left")
ALL = [GONE, BEA, ANNA]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), [ANNA, BEA]),
        (Wanted(gone=True), [GONE, ANNA, BEA]),
        (Wanted("ann"), [ANNA]),
        (Wanted("berg ANN"), [ANNA]),
        (Wanted("drive speed"), [ANNA]),
        (Wanted("erg"), []),
        (Wanted("bea one"), [BEA]),
        (Wanted("ann", gone=True), [GONE, ANNA]),
        (Wanted(department="d"), [ANNA]),
        (Wanted(department=""), [BEA]),
        (Wanted(shift="s"), [BEA]),
        (Wanted(stands=(Stand.WITH_US,)), [ANNA]),
        (Wanted(stands=(None,)), [BEA]),
        (Wanted(stands=()), []),
    ],
)
def test_who_fits_by_name(wanted, found):
    assert wanted.among(ALL) == found


def test_who_is_called_exactly_so_and_is_here():
    assert called(ALL, "anna  BERG") == [ANNA]
    assert called(ALL, "annie") == [ANNA]
    assert called(ALL, "Anna") == []
    assert called(ALL, " ") == []


def test_who_may_be_meant():
    assert looking_like(ALL, "Anna") == [GONE, ANNA]
    assert looking_like(ALL, "Ana Berg") == [ANNA]
    assert looking_like(ALL, "Somebody", phone="+447700900123") == [BEA]
    assert looking_like(ALL, "Somebody", "Annie") == [ANNA]
    assert looking_like(ALL, "Somebody", "") == []


def test_many_nicknames_are_many_comparisons_only_up_to_a_bound(monkeypatch):
    asked = []
    monkeypatch.setattr(search, "alike", lambda *names: asked.append(names) or False)
    monkeypatch.setattr(search, "COMPARED_MAX", 100)
    known = ", ".join(f"anna {letter}{letter}" for letter in "bcdfghjklm")
    people = [listed("Anna Lund", nickname=known) for _ in range(50)]
    assert looking_like(people, *(f"Anna {letter}" for letter in "npqrstvw")) == []
    assert len(asked) == 100
    asked.clear()
    assert looking_like(people, *("qz", "wz", "pz")) == []
    assert asked == [], "who has nothing in common is not compared"
    assert len(people[0].names) == 1 + NICKNAMES_MAX


def test_a_name_without_letters_is_found_too():
    fox = listed("🦊")
    assert looking_like([ANNA, fox], "🦊") == [fox]


def test_a_site_finds_its_own(rosa, depot):
    with rosa.inside(depot):
        anna, twin = (Contact.add(depot.id, name, by="Rosa") for name in ("Anna", "Annie"))
        bea = Contact.add(depot.id, "Bea", by="Rosa")
        db.session.flush()
        merge(anna, twin)
        db.session.flush()
        assert {one.name for one in everybody(depot.id)} == {"Anna", "Bea"}
        assert {one.name for one in named(depot.id, [bea.id, bea.id, uuid.uuid4()]).values()} == {"Bea"}
        assert named(depot.id, []) == {}
