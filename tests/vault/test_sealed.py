"""Fields that only the site's own members can open."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, strategies as st
from sqlalchemy import orm

from bulletin.db import SiteOwned
from bulletin.vault import keys
from bulletin.vault.keys import DoesNotOpen, Keyring
from bulletin.vault.sealed import Sealed, SealedInQuery, behind, opener, reseal, sealed, sealed_columns, stored

DEPOT, MILL = uuid.UUID(int=1), uuid.UUID(int=2)


class Base(orm.DeclarativeBase):
    pass


class Owned(Base):
    """What the house's SiteOwned is to a sealed field."""

    __abstract__ = True

    site_id: orm.Mapped[uuid.UUID] = orm.mapped_column(primary_key=True)
    id: orm.Mapped[uuid.UUID] = orm.mapped_column(primary_key=True)

    def __init__(self, site_id: uuid.UUID | None = DEPOT, **fields: Any) -> None:
        if site_id is not None:
            self.site_id, self.id = site_id, uuid.uuid4()
        super().__init__(**fields)


class Noted:
    """A field that several tables have."""

    note: Sealed[str | None] = sealed(optional=True)


class Contact(Noted, Owned):
    __tablename__ = "acquaintance"  # no table of ours: a site’s own are looked after by tenancy

    name: Sealed[str] = sealed()
    number: Sealed[str | None] = sealed()
    heard = sealed(optional=True)  # without an annotation too


class Story(Noted, Owned):
    __tablename__ = "story"

    name: Sealed[str] = sealed()


class Plain(Owned):
    __tablename__ = "plain"


@pytest.fixture
def rosa() -> Iterator[Keyring]:
    """Rosa has the Depot open."""
    keyring = Keyring()
    keyring.add(DEPOT, 1, keys.new_site_key())
    with keys.opened(keyring):
        yield keyring


@pytest.fixture
def session() -> Iterator[orm.Session]:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with orm.Session(engine) as session:
        yield session
    engine.dispose()


def bill(**fields: Any) -> Contact:
    return Contact(**{"name": "Bill", "number": None, **fields})


def raw(row: object, name: str = "name") -> bytes | None:
    value: bytes | None = getattr(row, f"_sealed_{name}")
    return value


def put(row: object, value: bytes | None, name: str = "name") -> None:
    setattr(row, f"_sealed_{name}", value)


def test_rosa_reads_what_she_wrote_and_the_database_does_not(rosa, session):
    session.add(bill(number="0170 123", note="on nights", heard=["pay", {"hours": 3}]))
    session.commit()
    session.expunge_all()
    contact = session.scalars(sa.select(Contact)).one()
    assert (contact.name, contact.number, contact.note) == ("Bill", "0170 123", "on nights")
    assert contact.heard == ["pay", {"hours": 3}]
    row = repr(session.connection().exec_driver_sql("select * from acquaintance").all())
    assert not [word for word in ("Bill", "0170", "nights", "pay") if word in row]


def test_the_columns_are_bytes_and_bear_the_names_of_the_fields():
    columns = {column.name: column for column in Contact.__table__.columns}
    assert sorted(columns) == ["heard", "id", "name", "note", "number", "site_id"]
    assert all(isinstance(columns[name].type, sa.LargeBinary) for name in sealed_columns(Contact))
    assert {name for name in sealed_columns(Contact) if columns[name].nullable} == {"note", "heard"}
    assert "name" not in sa.inspect(Contact).attrs


def test_the_sealed_columns_of_a_class_are_known_with_those_of_its_parents():
    assert sealed_columns(Contact) == ("note", "name", "number", "heard")
    assert sealed_columns(Story) == ("note", "name")
    assert sealed_columns(Plain) == ()


def test_loading_a_row_opens_nothing_and_reading_a_field_does(rosa, session):
    session.add(bill())
    session.commit()
    session.expunge_all()
    keys.current.set(Keyring())
    contact = session.scalars(sa.select(Contact)).one()
    with pytest.raises(LookupError):
        _ = contact.name
    keys.current.set(rosa)
    assert contact.name == "Bill"


def test_values_are_opened_without_their_rows_in_their_own_place_only(rosa, session):
    first, second = bill(), bill(name="Clara")
    session.add_all([first, second])
    rosa.add(DEPOT, 2, keys.new_site_key())
    second.name = "Clara, under the new key"
    session.commit()
    values = dict(session.execute(sa.select(Contact.id, stored(Contact, "name"))).all())
    opened = opener(Contact, "name", DEPOT)
    assert [opened(one.id, values[one.id]) for one in (first, second)] == ["Bill", "Clara, under the new key"]
    for wrong in (
        lambda: opened(first.id, values[second.id]),
        lambda: opener(Contact, "number", DEPOT)(first.id, values[first.id]),
        lambda: opener(Story, "name", DEPOT)(first.id, values[first.id]),
        lambda: opened(first.id, values[first.id][:-1]),
        lambda: opened(first.id, b""),
    ):
        with pytest.raises(keys.DoesNotOpen):
            wrong()
    with pytest.raises(LookupError):
        opener(Contact, "name", uuid.uuid4())(first.id, values[first.id])
    with pytest.raises(LookupError):
        opener(Contact, "nothing", DEPOT)


def test_without_an_open_keyring_nothing_is_read_or_written():
    contact = Contact()
    with pytest.raises(LookupError):
        contact.name = "Bill"
    put(contact, bytes(40))
    with pytest.raises(LookupError):
        _ = contact.name


@pytest.mark.usefixtures("rosa")
def test_a_site_rosa_is_not_a_member_of_is_not_open_to_her():
    with pytest.raises(LookupError):
        Contact(site_id=MILL, name="Clara")


# Swapped, changed, taken elsewhere


def test_a_value_swapped_between_two_rows_does_not_open(rosa):
    one, other = bill(), bill(name="Rosa")
    put(one, raw(other))
    with pytest.raises(DoesNotOpen):
        _ = one.name
    assert other.name == "Rosa"


def test_a_value_swapped_between_two_columns_does_not_open(rosa):
    contact = bill(number="0170 123")
    put(contact, raw(contact, "number"))
    with pytest.raises(DoesNotOpen):
        _ = contact.name


def test_a_value_swapped_between_two_tables_does_not_open(rosa):
    contact, story = bill(), Story(name="Rosa says so")
    contact.id = story.id
    put(contact, raw(story))
    with pytest.raises(DoesNotOpen):
        _ = contact.name


def test_a_value_of_another_site_does_not_open_even_for_a_member_of_both(rosa):
    rosa.add(MILL, 1, keys.new_site_key())
    contact, other = bill(), Contact(site_id=MILL, name="Clara")
    other.id = contact.id
    put(contact, raw(other))
    with pytest.raises(DoesNotOpen):
        _ = contact.name


@given(st.integers(min_value=0))
def test_a_value_with_any_bit_changed_does_not_open(bit):
    keyring = Keyring()
    keyring.add(DEPOT, 1, keys.new_site_key())
    with keys.opened(keyring):
        contact = bill()
        value = bytearray(raw(contact) or b"")
        value[bit % (len(value) * 8) // 8] ^= 1 << bit % 8
        put(contact, bytes(value))
        with pytest.raises((DoesNotOpen, LookupError)):
            _ = contact.name


# What a field can hold

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(TEXT, inside, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_what_json_can_hold_comes_back_as_it_was(value):
    keyring = Keyring()
    keyring.add(DEPOT, 1, keys.new_site_key())
    with keys.opened(keyring):
        contact = bill(number=value)
        assert contact.number == value
        assert type(contact.number) is type(value)


@pytest.mark.usefixtures("rosa")
@pytest.mark.parametrize(
    "value",
    [b"bytes", ("a", "tuple"), {1: "a number as a key"}, float("nan"), float("inf"), {"a", "set"}, object(), "\ud800"],
    ids=lambda value: type(value).__name__,
)
def test_what_would_not_come_back_is_refused_and_the_old_value_stays(value):
    contact = bill()
    with pytest.raises(TypeError, match="holds what JSON can") as refused:
        contact.name = value
    assert contact.name == "Bill"
    assert refused.value.__cause__ is None


@pytest.mark.usefixtures("rosa")
def test_a_list_within_a_list_without_end_is_refused():
    endless: list[object] = []
    endless.append(endless)
    deep: object = []
    for _ in range(100_000):
        deep = [deep]
    for value in (endless, deep):
        with pytest.raises(TypeError, match="holds what JSON can"):
            bill(number=value)
    while isinstance(deep, list) and deep:  # by hand: taking it apart in one go is deep as well
        deep = deep.pop()


@pytest.mark.usefixtures("rosa")
def test_what_is_read_is_a_copy_and_changes_nothing(session):
    contact = bill(heard=["pay"])
    session.add(contact)
    session.commit()
    contact.heard.append("hours")
    assert contact.heard == ["pay"]
    assert not session.dirty
    contact.heard = [*contact.heard, "hours"]
    session.commit()
    assert contact.heard == ["pay", "hours"]


@pytest.mark.usefixtures("rosa")
def test_nothing_is_a_value_like_any_other_unless_it_may_be_seen():
    contact = bill(note=None)
    assert raw(contact, "number")
    assert raw(contact, "note") is None
    assert (contact.number, contact.note, contact.heard) == (None, None, None)


@pytest.mark.usefixtures("rosa")
def test_a_field_that_was_never_given_a_value_is_neither_read_nor_kept(session):
    contact = Contact(name="Bill")
    with pytest.raises(RuntimeError, match=r"Contact\.number was never given a value"):
        _ = contact.number
    session.add(contact)
    with pytest.raises(sa.exc.IntegrityError):
        session.commit()


@pytest.mark.usefixtures("rosa")
def test_the_row_must_be_known_before_a_field_is_sealed():
    contact = Contact(site_id=None)
    with pytest.raises(RuntimeError, match=r"Contact\.name needs its row's site_id and id first"):
        contact.name = "Bill"
    contact.site_id = DEPOT
    with pytest.raises(RuntimeError, match="first"):
        contact.name = "Bill"
    contact.id = uuid.uuid4()
    contact.name = "Bill"
    assert contact.name == "Bill"


@pytest.mark.usefixtures("rosa")
def test_the_length_says_little():
    def length(value: object) -> int:
        return len(raw(bill(number=value), "number") or b"")

    assert len({length(value) for value in (None, "", "Bo", "Wilhelmina Featherstonehaugh", 1, True, ["pay"])}) == 1
    assert length("a" * 1000) == length("a" * 1020)
    assert len({length("a" * count) for count in range(4000, 8000, 10)}) <= 17
    assert all(length("ж" * count) < 2 * count * 1.14 + 110 for count in range(0, 5000, 61))


# In a query

QUERIES = {
    "==": lambda: Contact.name == "Bill",
    "== from the right": lambda: "Bill" == Contact.name,  # noqa: SIM300
    "!=": lambda: Contact.name != "Bill",
    "<": lambda: Contact.name < "Bill",
    ">=": lambda: Contact.name >= "Bill",
    "in": lambda: Contact.name in ("Bill", "Rosa"),
    "in, of a query": lambda: Contact.name.in_(["Bill"]),
    "like": lambda: Contact.name.like("B%"),
    "is": lambda: Contact.note.is_(None),
    "truth": lambda: bool(Contact.name),
    "joined": lambda: Contact.name + "x",
    "one of a list": lambda: list(Contact.name),
    "ordered": lambda: Contact.name.desc(),
    "order by": lambda: sa.select(Contact).order_by(Contact.name),
    "selected": lambda: sa.select(Contact.name),
    "filter by": lambda: sa.select(Contact).filter_by(name="Bill"),
    "where": lambda: sa.select(Contact).where(Contact.name),
    "function": lambda: sa.func.lower(Contact.name),
    "the other side": lambda: Contact.id == Contact.name,
    "updated": lambda: sa.update(Contact).values(name="Rosa").compile(),
    "updated, by the table": lambda: Contact.__table__.update().values(name="Rosa").compile(),
    "inserted": lambda: sa.insert(Contact).values(site_id=DEPOT, id=MILL, name="Rosa").compile(),
    "inserted, by the field": lambda: sa.insert(Contact).values({Contact.name: "Rosa"}).compile(),
    "load only": lambda: orm.load_only(Contact.name),
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_the_database_is_never_asked_what_it_cannot_read(query):
    with pytest.raises((SealedInQuery, sa.exc.ArgumentError, sa.exc.CompileError)):
        query()


def test_a_wrong_query_is_told_what_to_do_instead():
    with pytest.raises(SealedInQuery, match=r"^Contact\.name is sealed: .* Load the rows and compare there\.$"):
        _ = Contact.name == "Bill"
    assert repr(Contact.name) == str(Contact.name) == "<sealed Contact.name>"
    assert hasattr(Contact, "name")
    assert not hasattr(Contact.name, "__wrapped__")


@pytest.mark.usefixtures("rosa")
def test_the_bytes_alone_can_be_loaded_or_left(session):
    session.add(bill())
    session.commit()
    session.expunge_all()
    contact = session.scalars(sa.select(Contact).options(orm.load_only(stored(Contact, "name")))).one()
    assert "_sealed_number" in sa.inspect(contact).unloaded
    assert "_sealed_name" not in sa.inspect(contact).unloaded
    assert (contact.name, contact.number) == ("Bill", None)
    with pytest.raises(LookupError, match="Contact has no sealed field id"):
        stored(Contact, "id")


# Rotation


def test_rows_behind_a_generation_are_found_resealed_and_no_longer_found(rosa, session):
    old = [bill(name=f"Bill {number}", note=None) for number in range(3)]
    session.add_all([*old, Story(name="Rosa says so")])
    session.commit()
    rosa.add(DEPOT, 2, keys.new_site_key())
    session.add(bill(name="Clara"))
    session.commit()

    found = session.scalars(sa.select(Contact).where(behind(Contact, 2))).all()
    assert {row.id for row in found} == {row.id for row in old}
    for row in found:
        assert [reseal(row, name) for name in sealed_columns(Contact)] == [False, True, True, False]
        assert [reseal(row, name) for name in sealed_columns(Contact)] == [False] * 4
    session.commit()
    session.expunge_all()

    assert session.scalars(sa.select(Contact).where(behind(Contact, 2))).all() == []
    assert len(session.scalars(sa.select(Story).where(behind(Story, 2))).all()) == 1
    fresh = Keyring()
    fresh.add(DEPOT, 2, rosa.site_key(DEPOT, 2))
    with keys.opened(fresh):
        names = sorted(row.name for row in session.scalars(sa.select(Contact)))
    assert names == ["Bill 0", "Bill 1", "Bill 2", "Clara"]


def test_a_row_with_one_field_behind_is_found(rosa, session):
    contact = bill()
    rosa.add(DEPOT, 2, keys.new_site_key())
    contact.name = "Bill again"
    session.add(contact)
    session.commit()
    assert session.scalars(sa.select(Contact).where(behind(Contact, 2))).all() == [contact]
    assert session.scalars(sa.select(Plain).where(behind(Plain, 2))).all() == []


# In the house


def test_the_houses_own_rows_can_carry_a_sealed_field():
    class SealedProbe(SiteOwned):
        __tablename__ = "sealed_probe"
        name: Sealed[str] = sealed()

    try:
        keyring = Keyring()
        keyring.add(DEPOT, 1, keys.new_site_key())
        with keys.opened(keyring):
            probe = SealedProbe(site_id=DEPOT, name="Bill")
            assert probe.name == "Bill"
            assert keyring.open(DEPOT, "sealed_probe", "name", probe.id, raw(probe) or b"").rstrip() == b'"Bill"'
    finally:
        SiteOwned.metadata.remove(SealedProbe.__table__)
        SiteOwned.registry._dispose_cls(SealedProbe)
