"""No query leaves its site: every way out that anybody found, on both databases, with the guard and without."""

from __future__ import annotations

import contextlib
import uuid
import warnings
from collections.abc import Callable, Iterable, Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import event, orm

from bulletin import db
from bulletin.vault import tenancy
from tests.databases import closing
from tests.pinned_sql import watched
from tests.vault.conftest import Site, Yard, make_app, make_yard
from tests.vault.samples import Leaflet, Note, Parcel, Place

PARCELS, NOTES = Parcel.__table__, Note.__table__
REFUSALS = (
    db.Leak,
    sa.exc.InvalidRequestError,  # a refresh that finds no row, or an object no longer in the session
    orm.exc.DetachedInstanceError,
    orm.exc.ObjectDeletedError,
)

Reading = Callable[[orm.Session, Site, Site], Iterable[object]]


def smuggled(session: orm.Session, mine: Site, theirs: Site, model: type, key: uuid.UUID) -> object:
    """Their object, in my session: what there would be if bind() forgot to turn it out."""
    session.info[tenancy.PIN] = theirs.id
    with session.no_autoflush:
        found = session.get(model, (theirs.id, key))
    session.info[tenancy.PIN] = mine.id
    return found


# Ways to read. Each gives what it saw; anything with the other site's word in it is a leak.

READINGS: dict[str, Reading] = {
    "a plain select": lambda s, m, t: s.scalars(sa.select(Parcel.name)),
    "an aliased class": lambda s, m, t: s.scalars(sa.select(orm.aliased(Parcel).name)),
    "the other's id, asked for": lambda s, m, t: s.scalars(sa.select(Parcel.name).where(Parcel.site_id == t.id)),
    "get": lambda s, m, t: [getattr(s.get(Parcel, (t.id, t.parcel)), "name", None)],
    "the query of old": lambda s, m, t: [parcel.name for parcel in s.query(Parcel)],
    "a join": lambda s, m, t: s.scalars(sa.select(Note.words).join(Note.parcel).where(Parcel.weight == 1)),
    "a join on nothing": lambda s, m, t: s.scalars(sa.select(Note.words).join(Parcel, sa.true())),
    "an outer join": lambda s, m, t: s.scalars(sa.select(Note.words).select_from(Parcel).outerjoin(Note, sa.true())),
    "a class only in where": lambda s, m, t: [
        "mill" for n in s.scalars(sa.select(sa.func.count()).where(Parcel.name.contains("mill"))) if n
    ],
    "the second of two classes in a function": lambda s, m, t: s.scalars(
        sa.select(sa.func.max(sa.func.coalesce(sa.func.nullif(Parcel.name, Parcel.name), Note.words)))
    ),
    "a function by itself": lambda s, m, t: [s.scalar(sa.func.max(Parcel.name))],
    "an exists by itself": lambda s, m, t: [
        s.scalar(sa.select(sa.exists().where(Parcel.name == "mill parcel"))) and "mill"
    ],
    "a subquery": lambda s, m, t: s.scalars(sa.select(sa.select(Parcel.name).subquery().c.name)),
    "a scalar subquery": lambda s, m, t: s.scalars(sa.select(sa.select(sa.func.max(Parcel.name)).scalar_subquery())),
    "a subquery in where": lambda s, m, t: s.scalars(
        sa.select(Place.name).where(Place.id.in_(sa.select(Parcel.site_id)))
    ),
    "a table that stands inside anew": lambda s, m, t: s.scalars(
        sa.select(Parcel.name, sa.select(sa.func.max(PARCELS.c.name)).correlate(None).scalar_subquery().label("most"))
        .where(Parcel.weight == 1)
        .with_only_columns(sa.select(sa.func.max(PARCELS.c.name)).correlate(None).scalar_subquery(), Parcel.id)
    ),
    "a CTE": lambda s, m, t: s.scalars(sa.select(sa.select(Parcel.name).cte().c.name)),
    "a recursive CTE": lambda s, m, t: s.scalars(
        sa.select(sa.select(Parcel.name).cte("c", recursive=True).union_all(sa.select(Note.words)).c.name)
    ),
    "a union": lambda s, m, t: s.scalars(sa.union(sa.select(Parcel.name), sa.select(Note.words))),
    "a union as rows": lambda s, m, t: [
        parcel.name
        for parcel in s.scalars(
            sa.select(Parcel).from_statement(
                sa.union_all(sa.select(Parcel), sa.select(Parcel).where(Parcel.weight > 0))
            )
        )
    ],
    "selectinload": lambda s, m, t: [
        note.words
        for parcel in s.scalars(sa.select(Parcel).options(orm.selectinload(Parcel.notes)))
        for note in parcel.notes
    ],
    "subqueryload": lambda s, m, t: [
        note.words
        for parcel in s.scalars(sa.select(Parcel).options(orm.subqueryload(Parcel.notes)))
        for note in parcel.notes
    ],
    "joinedload": lambda s, m, t: [
        note.words
        for parcel in s.scalars(sa.select(Parcel).options(orm.joinedload(Parcel.notes))).unique()
        for note in parcel.notes
    ],
    "any": lambda s, m, t: s.scalars(sa.select(Parcel.name).where(Parcel.notes.any(Note.words == "mill note"))),
    "text in where": lambda s, m, t: s.scalars(sa.select(Parcel.name).where(sa.text("1 = 1 or 1 = 1"))),
    "text as a statement": lambda s, m, t: s.scalars(sa.text("SELECT name FROM parcel")),
    "text for rows": lambda s, m, t: [
        parcel.name for parcel in s.scalars(sa.select(Parcel).from_statement(sa.text("SELECT * FROM parcel")))
    ],
    "a literal column": lambda s, m, t: s.scalars(sa.select(sa.literal_column("name FROM parcel --"))),
    "a table by itself": lambda s, m, t: s.scalars(sa.select(PARCELS.c.name)),
    "a table among classes": lambda s, m, t: s.scalars(sa.select(PARCELS.c.name).join(Note, sa.true())),
    "a table by name": lambda s, m, t: s.scalars(sa.select(sa.table("parcel", sa.column("name")).c.name)),
    "a hint": lambda s, m, t: s.scalars(
        sa.select(Place.name).where(sa.false()).with_statement_hint("UNION SELECT name FROM parcel")
    ),
    "a parameter named as ours": lambda s, m, t: s.scalars(
        sa.select(PARCELS.c.name).where(PARCELS.c.site_id == sa.bindparam(tenancy.PIN, t.id, sa.Uuid()))
    ),
    "a table aliased": lambda s, m, t: s.scalars(sa.select(PARCELS.alias().c.name)),
    "the connection": lambda s, m, t: s.connection().execute(sa.select(PARCELS.c.name)).scalars(),
    "the engine": lambda s, m, t: _by_engine(s),
    "our condition's parameter": lambda s, m, t: s.scalars(sa.select(Parcel.name), {"bound_site_1": t.id}),
    "refresh": lambda s, m, t: _refreshed(s, smuggled(s, m, t, Parcel, t.parcel)),
    "an expired object": lambda s, m, t: _expired(s, smuggled(s, m, t, Parcel, t.parcel)),
    "a deferred column": lambda s, m, t: [smuggled(s, m, t, Note, t.note).more],
    "a lazy relationship": lambda s, m, t: [note.words for note in smuggled(s, m, t, Parcel, t.parcel).notes],
    "the identity map": lambda s, m, t: _bound_away(s, m, t),
}


def _by_engine(session: orm.Session) -> list[str]:
    with session.get_bind().connect() as connection:
        return list(connection.execute(sa.select(PARCELS.c.name)).scalars())


def _refreshed(session: orm.Session, parcel: Parcel) -> list[str]:
    sa.orm.attributes.set_committed_value(parcel, "name", "")
    session.refresh(parcel)
    return [parcel.name]


def _expired(session: orm.Session, parcel: Parcel) -> list[str]:
    session.expire(parcel)
    return [parcel.name]


def _bound_away(session: orm.Session, mine: Site, theirs: Site) -> list[object]:
    tenancy.bind(session, theirs.id)
    kept = session.get(Parcel, (theirs.id, theirs.parcel))
    tenancy.bind(session, mine.id)
    again = session.get(Parcel, (theirs.id, theirs.parcel))
    return [again.name if again else None, kept in session and "mill"]


# Ways to write. Each is followed by a commit; a leak is whatever changes a row of the other site, or adds one.

WRITINGS: dict[str, Callable[[orm.Session, Site, Site], object]] = {
    "UPDATE of all": lambda s, m, t: s.execute(sa.update(Parcel).values(name="taken")),
    "UPDATE with text": lambda s, m, t: s.execute(
        sa.update(Parcel).where(sa.text("1 = 1 or 1 = 1")).values(name="taken"),
        execution_options={"synchronize_session": False},
    ),
    "UPDATE by list of keys": lambda s, m, t: s.execute(
        sa.update(Parcel), [{"site_id": t.id, "id": t.parcel, "name": "taken"}]
    ),
    "UPDATE of a table": lambda s, m, t: s.execute(sa.update(PARCELS).values(name="taken")),
    "UPDATE of site_id": lambda s, m, t: s.execute(
        sa.update(Note).where(Note.id == m.note).values(site_id=t.id, parcel_id=t.parcel)
    ),
    "UPDATE from another table": lambda s, m, t: s.execute(
        sa.update(Place).where(Place.id == PARCELS.c.site_id).values(name=PARCELS.c.name)
    ),
    "DELETE of all": lambda s, m, t: s.execute(sa.delete(Note)),
    "DELETE of a table": lambda s, m, t: s.execute(sa.delete(NOTES)),
    "INSERT of rows": lambda s, m, t: s.execute(
        sa.insert(Parcel), [{"site_id": t.id, "id": uuid.uuid4(), "name": "left", "weight": 0}]
    ),
    "INSERT into a table": lambda s, m, t: s.execute(
        sa.insert(PARCELS).values(site_id=t.id, id=uuid.uuid4(), name="left", weight=0)
    ),
    "bulk_save_objects": lambda s, m, t: s.bulk_save_objects([Parcel(site_id=t.id, name="left")]),
    "bulk_insert_mappings": lambda s, m, t: s.bulk_insert_mappings(
        Parcel, [{"site_id": t.id, "id": uuid.uuid4(), "name": "left", "weight": 0}]
    ),
    "bulk_update_mappings": lambda s, m, t: s.bulk_update_mappings(
        Parcel, [{"site_id": t.id, "id": t.parcel, "name": "taken"}]
    ),
    "add": lambda s, m, t: s.add(Parcel(site_id=t.id, name="left")),
    "merge": lambda s, m, t: s.merge(Parcel(site_id=t.id, id=t.parcel, name="taken", weight=0)),
    "a foreign object changed": lambda s, m, t: setattr(smuggled(s, m, t, Parcel, t.parcel), "name", "taken"),
    "a foreign object deleted": lambda s, m, t: s.delete(smuggled(s, m, t, Note, t.note)),
    "a relationship to a foreign object": lambda s, m, t: s.add(
        Note(site_id=t.id, words="left", parcel=smuggled(s, m, t, Parcel, t.parcel))
    ),
    "a row that moves": lambda s, m, t: _moved(s, m, t),
}


def _moved(session: orm.Session, mine: Site, theirs: Site) -> None:
    note = session.get(Note, (mine.id, mine.note))
    note.parcel_id = theirs.parcel
    # Past the validator too, as a value that comes with a relationship goes.
    state = sa.inspect(note)
    state.dict["site_id"] = theirs.id
    state._modified_event(state.dict, state.manager["site_id"].impl, mine.id)


@contextlib.contextmanager
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The house without its guard."""
    tenancy.uninstall()
    for name in ("connection", "bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"):
        monkeypatch.delattr(db.Session, name)
    try:
        yield
    finally:
        monkeypatch.undo()
        tenancy.install()


def seen(yard: Yard, reading: Reading) -> str:
    with yard.session(yard.depot) as session, warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)  # cartesian products, which some of these are
        return " ".join(map(str, reading(session, yard.depot, yard.mill)))


def test_no_way_of_reading_leaves_the_site(yard, subtests):
    for way, reading in READINGS.items():
        with subtests.test(way), watched(), contextlib.suppress(*REFUSALS):
            assert "mill" not in seen(yard, reading)


@pytest.mark.parametrize("way", WRITINGS)
def test_no_way_of_writing_leaves_the_site(yard, way):
    before = yard.rows(yard.mill)
    with watched(), yard.session(yard.depot) as session, contextlib.suppress(*REFUSALS):
        WRITINGS[way](session, yard.depot, yard.mill)
        session.commit()
    assert yard.rows(yard.mill) == before


LEGITIMATE = {
    "a plain select",
    "an aliased class",
    "the query of old",
    "a join",
    "an outer join",
    "a subquery",
    "a scalar subquery",
    "a CTE",
    "a recursive CTE",
    "a union",
    "a union as rows",
    "selectinload",
    "subqueryload",
    "joinedload",
}


def test_a_site_sees_its_own(yard, subtests):
    for way in LEGITIMATE:
        with subtests.test(way):
            assert "depot" in seen(yard, READINGS[way])


def test_nothing_bound_nothing_seen(yard):
    with watched(), yard.session(None) as session:
        assert session.scalars(sa.select(Parcel)).all() == []
        assert session.get(Parcel, (yard.mill.id, yard.mill.parcel)) is None
        assert session.scalar(sa.select(sa.func.count()).select_from(Note)) == 0
        assert session.execute(sa.update(Parcel).values(name="taken")).rowcount == 0
        with pytest.raises(db.Leak):
            session.add(Parcel(site_id=yard.mill.id, name="left"))


def test_the_same_statement_serves_each_site_in_its_turn(yard):
    with watched(), yard.session(None) as session:
        for site in (yard.depot, yard.mill, yard.depot):
            tenancy.bind(session, site.id)
            assert session.scalars(sa.select(Parcel.name)).all() == [f"{site.word} parcel"]
            assert [note.words for note in session.get(Parcel, (site.id, site.parcel)).notes] == [f"{site.word} note"]
        tenancy.unbind(session)
        assert session.scalars(sa.select(Parcel.name)).all() == []


def test_a_session_does_not_change_site_with_work_in_hand(yard):
    with yard.session(yard.depot) as session:
        session.add(Parcel(site_id=yard.depot.id, name="depot, new"))
        with pytest.raises(db.Leak, match="commit"):
            tenancy.bind(session, yard.mill.id)
        session.commit()
        with session.begin_nested(), pytest.raises(db.Leak, match="savepoint"):
            tenancy.bind(session, yard.mill.id)
        with pytest.raises(db.Leak):
            tenancy.bind(session, str(yard.mill.id))


def test_a_site_writes_changes_and_deletes_its_own(yard):
    with watched(), yard.session(yard.depot) as session:
        parcel = Parcel(site_id=yard.depot.id, name="depot, new")
        parcel.notes.append(Note(site_id=yard.depot.id, words="depot, too"))
        session.add(parcel)
        session.commit()
        parcel.name = "depot, newer"
        session.flush()
        assert session.merge(Parcel(site_id=yard.depot.id, id=parcel.id, name="depot, merged", weight=2)) is parcel
        session.delete(parcel.notes[0])
        session.commit()
        assert session.execute(sa.update(Parcel).where(Parcel.notes.any()).values(weight=3)).rowcount == 1
        assert session.execute(sa.delete(Note)).rowcount == 1
        assert session.execute(sa.delete(Parcel)).rowcount == 2
        assert session.execute(sa.delete(Leaflet)).rowcount == 3
        session.delete(session.get(Place, yard.depot.id))
        session.commit()
    assert len(yard.rows(yard.mill)) == 3


def test_a_row_does_not_change_its_site(yard):
    with yard.session(yard.depot) as session, pytest.raises(db.Leak):
        session.get(Parcel, (yard.depot.id, yard.depot.parcel)).site_id = yard.mill.id


def test_a_row_has_its_site_and_id_before_anything_else():
    site = Place(name="depot")
    parcel = Parcel(sealed="words", site=site)  # its setter asks for both
    assert parcel.name == f"words of {site.id}/{parcel.id}"
    with pytest.raises(TypeError, match="needs its site"):
        Parcel(name="p")
    with pytest.raises(TypeError, match="has no nome"):
        Parcel(site=site, nome="p")


# What the tests above are worth: without the guard each way is open, and the second pair of eyes sees it.


@pytest.fixture
def unguarded(yard, tmp_path, monkeypatch):
    """The yard without guard, seen by a role that row security does not hold."""
    with bare(monkeypatch), closing(make_app(yard.database, tmp_path, yard.database.all_url)) as app:
        yield Yard(app, yard.database, yard.depot, yard.mill)


def test_without_the_guard_every_way_of_reading_is_open(unguarded, subtests):
    for way, reading in READINGS.items():
        with subtests.test(way):
            assert "mill" in seen(unguarded, reading)


@pytest.mark.parametrize("way", WRITINGS)
def test_without_the_guard_every_way_of_writing_is_open(unguarded, way):
    before = unguarded.rows(unguarded.mill)
    with unguarded.session(unguarded.depot) as session:
        WRITINGS[way](session, unguarded.depot, unguarded.mill)
        session.commit()
        names = session.scalars(sa.select(Place.name).order_by(Place.name)).all()
    assert unguarded.rows(unguarded.mill) != before or names != ["depot", "mill"]


def test_without_the_guard_the_parser_sees_every_way_of_reading(unguarded, subtests):
    for way, reading in READINGS.items():
        with subtests.test(way), watched(), pytest.raises(AssertionError, match="not held to its site"):
            seen(unguarded, reading)


def test_without_the_guard_the_parser_sees_every_way_of_writing(unguarded, subtests):
    for way, writing in WRITINGS.items():
        with subtests.test(way), watched() as found, unguarded.session(unguarded.depot) as session:
            with contextlib.suppress(AssertionError):
                writing(session, unguarded.depot, unguarded.mill)
                session.commit()
            assert found


# One net at a time.


@pytest.fixture
def only_pinning(yard, tmp_path, monkeypatch):
    """The guard without its listeners: the last look alone."""
    with bare(monkeypatch):
        event.listen(sa.Engine, "engine_connect", tenancy._look_through)
        with closing(make_app(yard.database, tmp_path, yard.database.all_url)) as app:
            yield Yard(app, yard.database, yard.depot, yard.mill)
        event.remove(sa.Engine, "engine_connect", tenancy._look_through)


def test_the_last_look_alone_stops_every_way_of_reading(only_pinning, subtests):
    for way, reading in READINGS.items():
        with subtests.test(way), pytest.raises(db.Leak):
            seen(only_pinning, reading)


def test_row_security_alone_stops_every_way_of_reading_and_writing(postgresql, tmp_path, monkeypatch):
    database = postgresql.new()
    with bare(monkeypatch), closing(make_app(database, tmp_path)) as app:
        yard = make_yard(app, database)
        before = yard.rows(yard.mill)
        event.listen(db.Session, "after_begin", tenancy._begin_at_site)
        refused = (*REFUSALS, sa.exc.DBAPIError, orm.exc.StaleDataError, AttributeError, AssertionError)
        saw: list[str] = []
        for doing in (*READINGS.values(), *WRITINGS.values()):
            with yard.session(yard.depot) as session, contextlib.suppress(*refused), warnings.catch_warnings():
                warnings.simplefilter("ignore", sa.exc.SAWarning)
                session.execute(sa.select(Place.id))  # so that what follows begins at the depot
                done = doing(session, yard.depot, yard.mill)
                if doing in READINGS.values():
                    saw += map(str, done)
                session.commit()
        event.remove(db.Session, "after_begin", tenancy._begin_at_site)
        assert "mill" not in " ".join(saw)
        assert yard.rows(yard.mill) == before


def test_row_security_holds_raw_sql_of_the_apps_role(postgresql, tmp_path):
    database = postgresql.new()
    with closing(make_app(database, tmp_path)) as app:
        yard = make_yard(app, database)
    engine = database.engine(database.url)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT name FROM parcel").all() == []  # no site was named
        connection.exec_driver_sql(f"SELECT set_config('app.site', '{yard.depot.id}', true)")
        assert connection.exec_driver_sql("SELECT name FROM parcel").all() == [("depot parcel",)]
        assert connection.exec_driver_sql("UPDATE parcel SET weight = 9").rowcount == 1
        left = sa.insert(PARCELS).values(site_id=yard.mill.id, id=uuid.uuid4(), name="left", weight=0)
        with pytest.raises(sa.exc.ProgrammingError, match="row-level security"), connection.begin_nested():
            connection.execute(left)
        with pytest.raises(sa.exc.ProgrammingError, match="must be owner"):
            connection.exec_driver_sql("ALTER TABLE parcel DISABLE ROW LEVEL SECURITY")
    with database.engine(database.owner_url).connect() as connection:  # FORCE: the owner is held too
        assert connection.exec_driver_sql("SELECT name FROM parcel").all() == []


def test_a_name_in_capitals_and_a_hint_are_looked_through_too(yard):
    statements = (
        sa.select(sa.table("PARCEL", sa.column("name"))),
        sa.select(Place.name).with_hint(Place, "name FROM parcel --"),
    )
    for statement in statements:
        with yard.session(yard.depot) as session, pytest.raises(tenancy.Leak):
            session.execute(statement)
