"""What sites tell each other: read by who may, written by the site alone. Every way round that anybody found."""

from __future__ import annotations

import contextlib
import dataclasses
import uuid
import warnings
from collections.abc import Callable, Iterable

import pytest
import sqlalchemy as sa
from sqlalchemy import event, orm

from bulletin import db
from bulletin.vault import pinning, tenancy
from bulletin.vault.readers import Audience, Reader, only
from tests.databases import closing
from tests.pinned_sql import watched
from tests.vault.conftest import Site, Yard, lay_out, make_app, make_yard
from tests.vault.samples import Leaflet, Note, Parcel, Place
from tests.vault.test_tenancy import REFUSALS, bare

LEAFLETS = Leaflet.__table__
TOLD = "mill for sites"  # for whoever is in; "mill for anyone" is for all
SHOWN = {tenancy.READER: Reader.MEMBER}  # what a session was bound to that was shown it
Reading = Callable[[orm.Session, Site, Site], Iterable[object]]


def smuggled(session: orm.Session, theirs: Site) -> Leaflet:
    """What another reader was shown, in the session of who may not read it."""
    was = {key: session.info.get(key) for key in SHOWN}
    session.info.update(SHOWN)
    # As the policies know it, which a reader that changed by the front door would have told them.
    tell(session)
    with session.no_autoflush:
        found = session.get(Leaflet, (theirs.id, theirs.told[Audience.SITES]))
    session.info.update(was)
    tell(session)
    assert found is not None
    return found


def tell(session: orm.Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        tenancy._tell_postgresql(session, orm.Session.connection(session))


# Ways to read what is for all sites, for a session that reads as nobody. "told" in what they give is a leak.

READINGS: dict[str, Reading] = {
    "a plain select": lambda s, m, t: s.scalars(sa.select(Leaflet.words)),
    "an aliased class": lambda s, m, t: s.scalars(sa.select(orm.aliased(Leaflet).words)),
    "its audience, asked for": lambda s, m, t: s.scalars(sa.select(Leaflet.words).where(Leaflet.audience == "sites")),
    "another site's, asked for": lambda s, m, t: s.scalars(sa.select(Leaflet.words).where(Leaflet.site_id == t.id)),
    "its id, asked for": lambda s, m, t: [getattr(s.get(Leaflet, (t.id, t.told[Audience.SITES])), "words", None)],
    "the query of old": lambda s, m, t: [one.words for one in s.query(Leaflet)],
    "a join with its site": lambda s, m, t: s.scalars(
        sa.select(Leaflet.words).join(Place, Place.id == Leaflet.site_id)
    ),
    "a join of a site's own rows": lambda s, m, t: s.scalars(
        sa.select(Leaflet.words).join(Parcel, Parcel.site_id == Leaflet.site_id)
    ),
    "an outer join": lambda s, m, t: s.scalars(
        sa.select(Leaflet.words).select_from(Place).outerjoin(Leaflet, sa.true())
    ),
    "on the left of an outer join": lambda s, m, t: s.scalars(
        sa.select(Leaflet.words).select_from(Leaflet).outerjoin(Place, sa.true())
    ),
    "a class only in where": lambda s, m, t: [
        TOLD for n in s.scalars(sa.select(sa.func.count()).where(Leaflet.words == TOLD)) if n
    ],
    "an exists": lambda s, m, t: [s.scalar(sa.select(sa.exists().where(Leaflet.words == TOLD))) and TOLD],
    "a function by itself": lambda s, m, t: [s.scalar(sa.func.max(Leaflet.words))],
    "a subquery": lambda s, m, t: s.scalars(sa.select(sa.select(Leaflet.words).subquery().c.words)),
    "a scalar subquery": lambda s, m, t: s.scalars(sa.select(sa.select(sa.func.max(Leaflet.words)).scalar_subquery())),
    "a subquery in where": lambda s, m, t: [
        TOLD
        for _ in s.scalars(
            sa.select(Place.name).where(
                Place.name.in_(sa.select(sa.func.substr(TOLD, 1, 4)).where(Leaflet.words == TOLD))
            )
        )
    ],
    "a CTE": lambda s, m, t: s.scalars(sa.select(sa.select(Leaflet.words).cte().c.words)),
    "a recursive CTE": lambda s, m, t: s.scalars(
        sa.select(sa.select(Leaflet.words).cte("c", recursive=True).union_all(sa.select(Leaflet.words)).c.words)
    ),
    "a union": lambda s, m, t: s.scalars(sa.union(sa.select(Leaflet.words), sa.select(Place.name))),
    "a union as rows": lambda s, m, t: [
        one.words
        for one in s.scalars(
            sa.select(Leaflet).from_statement(
                sa.union_all(sa.select(Leaflet), sa.select(Leaflet).where(Leaflet.words > ""))
            )
        )
    ],
    "text in where": lambda s, m, t: s.scalars(sa.select(Leaflet.words).where(sa.text("1 = 1 or 1 = 1"))),
    "text as a statement": lambda s, m, t: s.scalars(sa.text("SELECT words FROM leaflet")),
    "text for rows": lambda s, m, t: [
        one.words for one in s.scalars(sa.select(Leaflet).from_statement(sa.text("SELECT * FROM leaflet")))
    ],
    "a literal column": lambda s, m, t: s.scalars(sa.select(sa.literal_column("words FROM leaflet --"))),
    "a table by itself": lambda s, m, t: s.scalars(sa.select(LEAFLETS.c.words)),
    "a table for an audience": lambda s, m, t: s.scalars(
        sa.select(LEAFLETS.c.words).where(
            (LEAFLETS.c.site_id == m.id) | (LEAFLETS.c.audience == "sites") | (LEAFLETS.c.audience == "anyone")
        )
    ),
    "a table by name": lambda s, m, t: s.scalars(sa.select(sa.table("leaflet", sa.column("words")).c.words)),
    "a table by its name in capitals": lambda s, m, t: s.scalars(
        sa.select(sa.column("words")).select_from(sa.table(sa.quoted_name("LEAFLET", False)))
    ),
    "a table aliased": lambda s, m, t: s.scalars(sa.select(LEAFLETS.alias().c.words)),
    "a parameter named as ours": lambda s, m, t: s.scalars(
        sa.select(LEAFLETS.c.words).where(LEAFLETS.c.audience == sa.bindparam(pinning.TOLD, "sites", sa.String()))
    ),
    "our condition's parameter": lambda s, m, t: s.scalars(
        sa.select(Leaflet.words), {f"{pinning.TOLD}_{number}": "sites" for number in range(1, 4)}
    ),
    "the engine": lambda s, m, t: by_engine(s, sa.select(LEAFLETS.c.words)).scalars(),
    "the connection": lambda s, m, t: s.connection().execute(sa.select(LEAFLETS.c.words)).scalars(),
    "refresh": lambda s, m, t: refreshed(s, smuggled(s, t)),
    "an expired object": lambda s, m, t: expired(s, smuggled(s, t)),
    "a deferred column": lambda s, m, t: [smuggled(s, t).more and TOLD],
    "the identity map": lambda s, m, t: read_before(s, t),
}


def by_engine(session: orm.Session, statement: sa.Executable) -> sa.Result[object]:
    with session.get_bind().begin() as connection:
        done = connection.execute(statement)
        return done.freeze()() if done.returns_rows else done


def refreshed(session: orm.Session, leaflet: Leaflet) -> list[str]:
    orm.attributes.set_committed_value(leaflet, "words", "")
    session.refresh(leaflet)
    return [leaflet.words]


def expired(session: orm.Session, leaflet: Leaflet) -> list[str]:
    session.expire(leaflet)
    return [leaflet.words]


def read_before(session: orm.Session, theirs: Site) -> list[object]:
    key = theirs.id, theirs.told[Audience.SITES]
    tenancy.read_as(session, Reader.MEMBER)
    kept = session.get(Leaflet, key)
    tenancy.read_as(session, Reader.NOBODY)
    again = session.get(Leaflet, key)
    return [again.words if again else None, kept in session and TOLD]


# Ways to write what is another site's, for a session that reads as a member of a site that is in.

WRITINGS: dict[str, Callable[[orm.Session, Site, Site], object]] = {
    "UPDATE of all": lambda s, m, t: s.execute(sa.update(Leaflet).values(words="taken")),
    "UPDATE of what may be read": lambda s, m, t: s.execute(
        sa.update(Leaflet).where(Leaflet.audience == "anyone").values(words="taken")
    ),
    "UPDATE with text": lambda s, m, t: s.execute(
        sa.update(Leaflet).where(sa.text("1 = 1 or 1 = 1")).values(words="taken"),
        execution_options={"synchronize_session": False},
    ),
    "UPDATE by list of keys": lambda s, m, t: s.execute(
        sa.update(Leaflet), [{"site_id": t.id, "id": t.told[Audience.SITES], "words": "taken"}]
    ),
    "UPDATE of a table": lambda s, m, t: s.execute(sa.update(LEAFLETS).values(words="taken")),
    "UPDATE of an annotated table": lambda s, m, t: s.execute(
        sa.update(LEAFLETS._annotate({"mark": 1})).values(words="taken")
    ),
    "UPDATE of a table by name": lambda s, m, t: s.execute(
        sa.update(sa.table("leaflet", sa.column("words"))).values(words="taken")
    ),
    "UPDATE of site_id": lambda s, m, t: s.execute(
        sa.update(Leaflet).where(Leaflet.site_id == m.id).values(site_id=t.id)
    ),
    "UPDATE by the engine": lambda s, m, t: by_engine(s, sa.update(LEAFLETS).values(words="taken")),
    "UPDATE of a site's own from it": lambda s, m, t: s.execute(
        sa.update(Place).where(Place.id == LEAFLETS.c.site_id).values(name=LEAFLETS.c.words)
    ),
    "DELETE of all": lambda s, m, t: s.execute(sa.delete(Leaflet)),
    "DELETE of what may be read": lambda s, m, t: s.execute(sa.delete(Leaflet).where(Leaflet.site_id == t.id)),
    "DELETE of a table": lambda s, m, t: s.execute(sa.delete(LEAFLETS)),
    "DELETE of an annotated table": lambda s, m, t: s.execute(sa.delete(LEAFLETS._annotate({"mark": 1}))),
    "DELETE by the engine": lambda s, m, t: by_engine(s, sa.delete(LEAFLETS)),
    "DELETE by the engine, of an annotated table": lambda s, m, t: by_engine(
        s, sa.delete(LEAFLETS._annotate({"mark": 1})).where(LEAFLETS.c.audience == "sites")
    ),
    "INSERT of rows": lambda s, m, t: s.execute(sa.insert(Leaflet), [left(t)]),
    "INSERT into a table": lambda s, m, t: s.execute(sa.insert(LEAFLETS).values(**left(t))),
    "bulk_save_objects": lambda s, m, t: s.bulk_save_objects([Leaflet(**left(t))]),
    "bulk_insert_mappings": lambda s, m, t: s.bulk_insert_mappings(Leaflet, [left(t)]),
    "bulk_update_mappings": lambda s, m, t: s.bulk_update_mappings(
        Leaflet, [{"site_id": t.id, "id": t.told[Audience.SITES], "words": "taken"}]
    ),
    "add": lambda s, m, t: s.add(Leaflet(**left(t))),
    "merge": lambda s, m, t: s.merge(Leaflet(**{**left(t), "id": t.told[Audience.SITES]})),
    "what was read, changed": lambda s, m, t: setattr(theirs(s, t), "words", "taken"),
    "what was read, for others now": lambda s, m, t: setattr(theirs(s, t), "audience", "anyone"),
    "what was read, deleted": lambda s, m, t: s.delete(theirs(s, t)),
    "what was read, at another site": lambda s, m, t: setattr(theirs(s, t), "site_id", m.id),
    "one's own, at another site": lambda s, m, t: moved(s, m, t),
}


def left(site: Site) -> dict[str, object]:
    return {"site_id": site.id, "id": uuid.uuid4(), "audience": "anyone", "words": "left"}


def theirs(session: orm.Session, site: Site) -> Leaflet:
    found = session.get(Leaflet, (site.id, site.told[Audience.SITES]))
    assert found is not None
    return found


def moved(session: orm.Session, mine: Site, other: Site) -> None:
    leaflet = theirs(session, mine)
    state = sa.inspect(leaflet)
    state.dict["site_id"] = other.id  # past the validator too
    state._modified_event(state.dict, state.manager["site_id"].impl, mine.id)


def seen(yard: Yard, reading: Reading, reader: Reader = Reader.NOBODY) -> str:
    with yard.session(yard.depot) as session, warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)  # cartesian products, which some of these are
        tenancy.read_as(session, reader)
        return " ".join(map(str, reading(session, yard.depot, yard.mill)))


def written(yard: Yard, way: str) -> None:
    with yard.session(yard.depot) as session:
        tenancy.read_as(session, Reader.MEMBER)
        WRITINGS[way](session, yard.depot, yard.mill)
        session.commit()


def set_right(yard: Yard) -> None:
    with yard.database.engine(yard.database.all_url).begin() as connection:
        connection.execute(sa.delete(LEAFLETS))
        lay_out(connection, yard.depot, yard.mill)
        for site in (yard.depot, yard.mill):
            connection.execute(sa.update(Place.__table__).where(Place.id == site.id).values(name=site.word))


def rows(yard: Yard) -> set[tuple[str, ...]]:
    """What is really there, but what the depot's own may have become."""
    with yard.database.engine(yard.database.all_url).connect() as connection:
        found = connection.execute(sa.select(LEAFLETS).where(LEAFLETS.c.site_id != yard.depot.id))
        names = connection.execute(sa.select(Place.__table__.c.name))
        return {tuple(map(str, row)) for every in (found, names) for row in every}


def test_who_is_nobody_reads_only_what_is_for_anyone(yard, subtests):
    assert len(READINGS) + len(WRITINGS) >= 60
    for way, reading in READINGS.items():
        with subtests.test(way), watched(), contextlib.suppress(*REFUSALS):
            assert TOLD not in seen(yard, reading)


LEGITIMATE = (
    *(
        "a plain select",
        "an aliased class",
        "another site's, asked for",
        "its audience, asked for",
        "its id, asked for",
    ),
    *("the query of old", "a join with its site", "an outer join", "on the left of an outer join"),
    *("a class only in where", "a subquery", "a scalar subquery", "a CTE", "a recursive CTE", "a union"),
    *("a union as rows", "refresh", "an expired object", "a deferred column", "a subquery in where"),
)


@pytest.mark.parametrize("reader", [Reader.MEMBER, Reader.DECIDER, Reader.ASKED])
def test_who_is_in_reads_what_is_for_all_sites(yard, reader, subtests):
    for way in LEGITIMATE:
        with subtests.test(way), watched():
            assert TOLD in seen(yard, READINGS[way], reader)


def test_a_site_reads_its_own_and_everybody_what_is_for_anyone(yard):
    with watched():
        assert seen(yard, READINGS["a plain select"]).count("depot for") == 3
        assert "mill for anyone" in seen(yard, READINGS["a plain select"])
        with yard.session(None) as session:
            assert sorted(session.scalars(sa.select(Leaflet.words))) == ["depot for anyone", "mill for anyone"]
            with pytest.raises(db.Leak):
                session.add(Leaflet(**left(yard.mill)))


def test_nobody_writes_what_another_site_tells(yard, subtests):
    before = rows(yard)
    for way in WRITINGS:
        with subtests.test(way):
            with watched(), contextlib.suppress(*REFUSALS):
                written(yard, way)
            assert rows(yard) == before
            set_right(yard)  # what it did to its own


def test_a_site_tells_changes_and_takes_back_its_own(yard):
    with watched(), yard.session(yard.depot) as session:
        tenancy.read_as(session, Reader.MEMBER)
        leaflet = Leaflet(site_id=yard.depot.id, audience=Audience.SITES, words="depot, new")
        session.add(leaflet)
        session.commit()
        leaflet.words = "depot, newer"
        session.commit()
        session.delete(leaflet)
        session.commit()
        assert session.execute(sa.update(Leaflet).values(words="depot, all")).rowcount == 3
        assert session.execute(sa.delete(Leaflet)).rowcount == 3
        session.commit()
        assert len(session.scalars(sa.select(Leaflet)).all()) == 2, "the mill's"


def test_a_session_does_not_change_its_reader_with_work_in_hand(yard):
    with yard.session(yard.depot) as session:
        session.add(Leaflet(**left(yard.depot)))
        with pytest.raises(db.Leak, match="commit"):
            tenancy.read_as(session, Reader.MEMBER)
        session.commit()
        with session.begin_nested(), pytest.raises(db.Leak, match="savepoint"):
            tenancy.read_as(session, Reader.MEMBER)
        with pytest.raises(db.Leak):
            tenancy.read_as(session, "member")
        assert tenancy.reader_of(session) is Reader.NOBODY


def test_what_a_reader_may_read_holds_nothing_of_a_site(yard):
    """Equal to a row that was only told is not equal to the bound site."""
    query = sa.select(Note.__table__.c.words).join(Leaflet, Leaflet.site_id == Note.__table__.c.site_id)
    with yard.session(yard.depot) as session:
        tenancy.read_as(session, Reader.MEMBER)
        with pytest.raises(db.Leak):
            session.scalars(query).all()


# What is for one site alone: nobody else reads it, in a site that is in or not, and that site does not write it.

LETTER = "mill for the port"


def with_letters(yard: Yard) -> tuple[Yard, Yard]:
    """The mill's words for a third site, and for the depot: as the depot looks for the first, and as the port does."""
    ids = {"port": uuid.uuid4(), "depot": uuid.uuid4()}
    port = dataclasses.replace(yard.depot, word="port", id=uuid.uuid4())
    with yard.database.engine(yard.database.all_url).begin() as connection:
        connection.execute(sa.insert(Place.__table__).values(id=port.id, name="port"))
        for site in (port, yard.depot):
            letter = {"site_id": yard.mill.id, "id": ids[site.word], "audience": only(site.id)}
            words = {"words": f"mill for the {site.word}", "more": "mill more"}
            connection.execute(sa.insert(LEAFLETS).values(**letter, **words))
    mill = dataclasses.replace(yard.mill, told={Audience.SITES: ids["port"], Audience.ANYONE: ids["depot"]})
    return dataclasses.replace(yard, mill=mill), dataclasses.replace(yard, mill=mill, depot=port)


@pytest.fixture
def letters(yard, monkeypatch):
    made = with_letters(yard)
    monkeypatch.setitem(globals(), "TOLD", LETTER)
    monkeypatch.setitem(globals(), "SHOWN", {tenancy.PIN: made[1].depot.id})
    return made


FOR_THE_PORT: dict[str, Reading] = {
    **{way: reading for way, reading in READINGS.items() if way != "the identity map"},
    "its audience, asked for by name": lambda s, m, t: s.scalars(
        sa.select(Leaflet.words).where(Leaflet.audience == for_port())
    ),
    "a table for that audience": lambda s, m, t: s.scalars(
        sa.select(LEAFLETS.c.words).where((LEAFLETS.c.site_id == m.id) | (LEAFLETS.c.audience == for_port()))
    ),
    "a parameter named as ours, for that audience": lambda s, m, t: s.scalars(
        sa.select(LEAFLETS.c.words).where(LEAFLETS.c.audience == sa.bindparam(pinning.TOLD, for_port()))
    ),
    "our condition's parameter, for that audience": lambda s, m, t: s.scalars(
        sa.select(Leaflet.words), {f"{pinning.TOLD}_{number}": for_port() for number in range(1, 5)}
    ),
    "what it read before it went elsewhere": lambda s, m, t: read_at_the_port(s, m, t),
}


def for_port() -> str:
    return only(SHOWN[tenancy.PIN])


def read_at_the_port(session: orm.Session, mine: Site, theirs: Site) -> list[object]:
    key = theirs.id, theirs.told[Audience.SITES]
    tenancy.bind(session, SHOWN[tenancy.PIN])
    kept = session.get(Leaflet, key)
    tenancy.bind(session, mine.id)
    again = session.get(Leaflet, key)
    return [again.words if again else None, kept in session and TOLD]


@pytest.mark.parametrize("reader", [Reader.NOBODY, Reader.MEMBER, Reader.DECIDER])
def test_what_is_for_one_site_no_other_reads(letters, reader, subtests):
    at_the_depot, _ = letters
    for way, reading in FOR_THE_PORT.items():
        with subtests.test(way), watched(), contextlib.suppress(*REFUSALS):
            assert TOLD not in seen(at_the_depot, reading, reader)


def test_the_site_that_it_is_for_reads_it_and_nobody_unbound(letters, subtests):
    at_the_depot, at_the_port = letters
    for way in set(LEGITIMATE) - {"its audience, asked for"}:
        with subtests.test(way), watched():
            assert TOLD in seen(at_the_port, READINGS[way])
    with watched():
        assert "mill for the depot" in seen(at_the_depot, READINGS["a plain select"])
        with at_the_depot.session(None) as session:
            tenancy.read_as(session, Reader.MEMBER)
            assert not [words for words in session.scalars(sa.select(Leaflet.words)) if "the" in words]


def test_the_site_that_it_is_for_does_not_write_it(letters, subtests):
    at_the_depot, _ = letters
    mill = at_the_depot.mill
    ours = dataclasses.replace(mill, told={Audience.SITES: mill.told[Audience.ANYONE]})
    before = rows(at_the_depot)
    for way in WRITINGS.keys() - {"one's own, at another site"}:  # some of these leave it none of its own
        with subtests.test(way):
            with at_the_depot.session(at_the_depot.depot) as session, watched(), contextlib.suppress(*REFUSALS):
                WRITINGS[way](session, at_the_depot.depot, ours)
                session.commit()
            assert rows(at_the_depot) == before


# What the tests above are worth: without the guard each way is open; and one net at a time.


@pytest.fixture
def unguarded(yard, tmp_path, monkeypatch):
    with bare(monkeypatch), closing(make_app(yard.database, tmp_path, yard.database.all_url)) as app:
        yield Yard(app, yard.database, yard.depot, yard.mill)


def test_without_the_guard_every_way_of_reading_is_open_and_the_parser_sees_it(unguarded, subtests):
    for way, reading in READINGS.items():
        with subtests.test(way):
            assert TOLD in seen(unguarded, reading)
            with watched(), pytest.raises(AssertionError, match="not held to its site"):
                seen(unguarded, reading)


def test_without_the_guard_every_way_of_writing_is_open(unguarded, subtests):
    before = rows(unguarded)
    for way in WRITINGS.keys() - {"what was read, at another site"}:  # its own class refuses that, guard or not
        with subtests.test(way):
            written(unguarded, way)
            assert rows(unguarded) != before
            set_right(unguarded)
        assert rows(unguarded) == before


def test_the_last_look_alone_stops_every_way_of_reading(yard, tmp_path, monkeypatch, subtests):
    with bare(monkeypatch):
        event.listen(sa.Engine, "engine_connect", tenancy._look_through)
        with closing(make_app(yard.database, tmp_path, yard.database.all_url)) as app:
            alone = Yard(app, yard.database, yard.depot, yard.mill)
            for way, reading in READINGS.items():
                with subtests.test(way), pytest.raises(db.Leak):
                    seen(alone, reading)
        event.remove(sa.Engine, "engine_connect", tenancy._look_through)


def test_row_security_alone_stops_every_way_of_reading_and_writing(postgresql, tmp_path, monkeypatch):
    database = postgresql.new()
    with bare(monkeypatch), closing(make_app(database, tmp_path)) as app:
        yard = make_yard(app, database)
        before = rows(yard)
        event.listen(db.Session, "after_begin", tenancy._begin_at_site)
        refused = (*REFUSALS, sa.exc.DBAPIError, orm.exc.StaleDataError, AttributeError, AssertionError)
        saw: list[str] = []
        for reading in READINGS.values():
            with contextlib.suppress(*refused):
                saw.append(seen(yard, reading))
        for way in WRITINGS:
            with contextlib.suppress(*refused), warnings.catch_warnings():
                warnings.simplefilter("ignore", sa.exc.SAWarning)  # of a row that was not there to be deleted
                written(yard, way)
        event.remove(db.Session, "after_begin", tenancy._begin_at_site)
        assert TOLD not in " ".join(saw)
        assert "mill for anyone" in " ".join(saw)
        assert {row for row in rows(yard) if len(row) > 1} == {row for row in before if len(row) > 1}


def test_row_security_alone_keeps_what_is_for_one_site(postgresql, tmp_path, monkeypatch):
    database = postgresql.new()
    with bare(monkeypatch), closing(make_app(database, tmp_path)) as app:
        at_the_depot, at_the_port = with_letters(make_yard(app, database))
        monkeypatch.setitem(globals(), "TOLD", LETTER)
        monkeypatch.setitem(globals(), "SHOWN", {tenancy.PIN: at_the_port.depot.id})
        event.listen(db.Session, "after_begin", tenancy._begin_at_site)
        saw: list[str] = []
        for reading in FOR_THE_PORT.values():
            with contextlib.suppress(*REFUSALS, sa.exc.DBAPIError, AttributeError, AssertionError):
                saw.append(seen(at_the_depot, reading, Reader.MEMBER))
        there = seen(at_the_port, READINGS["a plain select"])
        event.remove(db.Session, "after_begin", tenancy._begin_at_site)
        assert LETTER not in " ".join(saw)
        assert "mill for the depot" in " ".join(saw)
        assert LETTER in there
