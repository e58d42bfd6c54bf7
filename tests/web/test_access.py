"""Every address, by everybody, in every way: nobody reads or changes what is not theirs.

Two sites: Rosa's Depot and Dave's Mill. The canary word of each is in its name, in handles, and so in what its events
and labels say.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import pathlib
import re
import uuid
from collections.abc import Callable, Iterator, Mapping

import pytest
import sqlalchemy as sa
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from bulletin import create_app
from bulletin.backup import departed
from bulletin.config import Settings
from bulletin.db import Record, db
from bulletin.domain.devices import Device
from bulletin.domain.events import Event
from bulletin.domain.invitations import Invitation
from bulletin.domain.members import Member, Membership
from bulletin.domain.throttle import Throttle
from bulletin.vault import tenancy
from bulletin.web import identity
from tests.databases import Database, closing
from tests.web.conftest import PretendPress
from tests.web.house import SITE, House, Person, house  # noqa: F401

CANARIES = {"depot": "Tamarisk", "mill": "Quillwort"}  # each for the members of its site only
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
UNSAFE = METHODS[3:]
ENDINGS = ("signing_in.end", "devices.end_all", "devices.hide")  # after these a member signs in anew
LAST = "members.leave"  # after this a member is none
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}

# What fills the variables of an address: of the Depot, of the Mill, and of nothing there is. The Depot's device is
# Rosa's own, the Mill's is not Dave's but Nora's; what is no id is the same for everybody.
Filling = Mapping[str, tuple[str, object]]
FILLS: dict[str, Callable[[World], Mapping[str, object]]] = {
    "site_id": lambda world: world.ids["site"],
    "membership_id": lambda world: world.ids["place"],
    "invitation_id": lambda world: world.ids["invitation"],
    "device_id": lambda world: world.ids["device"],
    "filename": lambda _: {"anywhere": "page.css"},
    "name": lambda _: {"anywhere": "sheet.css"},
}
SENT = {"code": "0" * 28, "handle": "Nobody", "words": "1" * 24, "place": "own", "label": "Mine", "manuscript": "Words"}


@dataclasses.dataclass
class Role:
    """Somebody who walks: whether they have an account, and a place, and whose rows they may change."""

    name: str
    person: Person
    at: str = ""
    signed_in: bool = True
    may_change: set[uuid.UUID] = dataclasses.field(default_factory=set)

    def owns(self, variable: str, whose: str) -> bool:
        """Is this id one of their own? A colleague's device is not."""
        return whose == "anywhere" or (whose == self.at and (variable != "device_id" or self.name == "member"))


@dataclasses.dataclass
class World:
    """Two sites, and everybody around them."""

    home: Database
    house: House
    ids: dict[str, dict[str, uuid.UUID]]
    roles: dict[str, Role]
    connection: sa.Connection

    def rows(self) -> set[tuple[str, uuid.UUID, str]]:
        """All there is: table, whose it is, and the row. Except the counts of failed sign-ins, which are nobody's."""
        found = set()
        with self.connection.begin():
            for table in Record.metadata.sorted_tables:
                if table.name != Throttle.__tablename__:
                    for row in self.connection.execute(sa.select(table)).mappings():
                        owners = (row.get(name) for name in ("site_id", "member_id", "issued_by_id", "id"))
                        found.add((table.name, next(filter(None, owners)), repr(row)))
        return found

    def rules(self) -> list[Rule]:
        """All addresses, each once; those that end something come last."""
        by_path = {rule.rule: rule for rule in self.house.app.url_map.iter_rules()}
        return sorted(by_path.values(), key=lambda rule: (rule.endpoint in ENDINGS) + 2 * (rule.endpoint == LAST))

    def fillings(self, rule: Rule) -> list[Filling]:
        """All ways to fill an address: for each variable, whose it is and its value."""
        if unknown := rule.arguments - FILLS.keys():
            pytest.fail(f"{rule.rule}: FILLS does not say what fills {', '.join(sorted(unknown))}", pytrace=False)
        ways = [[(name, filled) for filled in FILLS[name](self).items()] for name in sorted(rule.arguments)]
        return [dict(way) for way in itertools.product(*ways)]

    def walk(self, *names: str) -> list[str]:
        """What is wrong with the answers these roles get, and with the rows after; no names are all."""
        return [wrong for name in names or self.roles for wrong in walk(self, self.roles[name])]


def walk(world: World, role: Role) -> list[str]:
    wrong: list[str] = []
    before = world.rows()
    for rule in world.rules():
        absent: dict[tuple[str, ...], str] = {}  # what is said of ids that are not theirs: always the same
        # Their own last: whoever has left is a member nowhere.
        fillings = sorted(world.fillings(rule), key=lambda filling: role.at in [whose for whose, _ in filling.values()])
        for method, filling in itertools.product(METHODS, fillings):
            if method not in taken(world, rule) and filling is not fillings[0]:
                continue  # 405, whatever the ids
            answer = ask(role.person, path_of(rule, filling), method, **SAME_ORIGIN)
            here = f"{role.name}, {method} {rule.rule} {[whose for whose, _ in filling.values()]}"
            text = f"{answer.status_code} {answer.headers} {answer.text}"
            wrong += [
                f"{here}: tells of the {site}" for site, word in CANARIES.items() if site != role.at and word in text
            ]
            if answer.status_code >= 500:
                wrong.append(f"{here}: breaks")
            own = [name if role.owns(name, whose) else "" for name, (whose, _) in filling.items()]
            if "" in own and absent.setdefault((method, *own), without_ids(text, filling)) != without_ids(
                text, filling
            ):
                wrong.append(f"{here}: is not answered like one that does not exist")
            strangers = 303 if method in ("GET", "HEAD") else 403
            if (
                "" in own
                and method != "OPTIONS"
                and answer.status_code not in (404 if role.signed_in else strangers, 405)
            ):
                wrong.append(f"{here}: is answered with {answer.status_code}")
            if method == "POST" and role.signed_in and rule.endpoint in ENDINGS:
                role.person.signs_in()
        after = world.rows()
        changed = {table for table, whose, _ in before ^ after if whose not in role.may_change}
        wrong += [f"{role.name}, {rule.rule}: changes rows of {table}" for table in sorted(changed)]
        before = after
    return wrong


def taken(world: World, rule: Rule) -> set[str]:
    """The methods that an address takes, by any of its rules."""
    rules = world.house.app.url_map.iter_rules()
    return {method for other in rules if other.rule == rule.rule for method in other.methods or ()}


def path_of(rule: Rule, filling: Filling) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(filling[found[1]][1]), rule.rule)


def ask(person: Person, path: str, method: str, **headers: str) -> TestResponse:
    data = SENT if method in UNSAFE else None
    return person.client.open(path, method=method, base_url=person.base, headers=headers, data=data, buffered=True)


def without_ids(text: str, filling: Filling) -> str:
    """An answer without the ids that were asked for, which it may send back."""
    for _, value in filling.values():
        text = text.replace(str(value), "…")
    return re.sub(r"Content-Length: .*", "", text)


def other_browser(person: Person, label: str) -> Person:
    other = Person(person.app, handle=person.handle, phrase=person.phrase, site=person.site)
    assert other.signs_in(label=label).status_code == 303
    return other


@pytest.fixture
def world(home: Database, house: House, tmp_path: pathlib.Path) -> Iterator[World]:  # noqa: F811
    house.app.extensions["press"] = PretendPress()
    house.app.instance_path = str(tmp_path)
    departed.follow(house.app)
    rosa, dave = house.person(), house.person()
    depot, mill = {**SITE, "site_name": "Depot Tamarisk"}, {**SITE, "site_name": "Mill Quillwort"}
    rosa.becomes("/foundings", "Rosa Tamarisk", code=house.code, network="Northfield", **depot)
    bill, clara = house.joined(rosa, "Bill Tamarisk"), house.joined(rosa, "Clara")
    dave.becomes("/foundings/further", "Dave Quillwort", code=rosa.invites("/founding-invitations"), **mill)
    house.joined(dave, "Nora Quillwort").sends("/devices/current/label", label="Quillwort’s")
    other_browser(rosa, "Tamarisk’s second")
    lost = other_browser(rosa, "Tamarisk’s lost")
    rosa.invites()
    dave.invites()

    ids: dict[str, dict[str, uuid.UUID]] = {kind: {} for kind in ("site", "place", "invitation", "device")}
    with house.app.app_context():
        member = {one.handle.split()[0]: one.id for one in db.session.scalars(sa.select(Member))}
        device = {one.label: one.id for one in db.session.scalars(sa.select(Device))}
        for name, founder, other in (("depot", rosa, "Bill"), ("mill", dave, "Nora")):
            site = ids["site"][name] = uuid.UUID(founder.site.rpartition("/")[2])
            place = sa.select(Membership.id).filter_by(site_id=site)
            ids["place"][name] = db.session.scalars(place.filter_by(member_id=member[other])).one()
            ids["invitation"][name] = db.session.scalars(sa.select(Invitation.id).filter_by(site_id=site)).one()
        claras = db.session.scalars(sa.select(Membership.id).filter_by(member_id=member["Clara"])).one()
        db.session.remove()
    ids["device"] = {"depot": device["Tamarisk’s second"], "mill": device["Quillwort’s"]}
    for known in ids.values():
        known["nowhere"] = uuid.uuid4()

    removal = f"{rosa.site}/members/{claras}/removal"
    for somebody, deed in (
        (rosa, removal),
        (bill, f"{removal}/seconding"),
        (rosa, f"/devices/{device['Tamarisk’s lost']}/revocation"),
    ):
        assert somebody.sends(deed).status_code == 303
    roles = (
        Role("stranger", house.person(), signed_in=False),
        Role("removed member", clara, may_change={member["Clara"]}),
        Role("revoked device", lost, signed_in=False),
        Role("member of another site", dave, "mill", may_change={member["Dave"], ids["site"]["mill"]}),
        Role("member", rosa, "depot", may_change={member["Rosa"], ids["site"]["depot"]}),
    )
    with home.engine().connect() as connection:
        yield World(home, house, ids, {role.name: role for role in roles}, connection)


def test_nobody_reads_or_changes_what_is_not_theirs(world: World) -> None:
    with world.connection.begin():
        assert set(sa.inspect(world.connection).get_table_names()) == {*Record.metadata.tables, "alembic_version"}
    rosa = world.roles["member"].person
    told = [rosa.opens(page).text for page in (f"{rosa.site}/events", f"{rosa.site}/members", "/devices")]
    assert all("Tamarisk" in text for text in told)
    assert world.walk() == []
    # They did get everywhere: at the end of her walk Rosa has left the only site she had.
    assert rosa.signs_in().status_code == 422


def test_a_rule_nobody_can_fill_fails_by_name(world: World) -> None:
    world.house.app.url_map.add(Rule("/sites/<uuid:site_id>/letters/<uuid:letter_id>", endpoint="up.up"))
    with pytest.raises(pytest.fail.Exception, match=r"/letters/<uuid:letter_id>: .* letter_id"):
        world.walk("stranger")


def test_nothing_is_done_that_was_not_sent_from_our_page(world: World) -> None:
    before, rosa = world.rows(), world.roles["member"].person
    elsewhere = ({}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://x.example"})
    for rule, method, headers in itertools.product(world.rules(), UNSAFE, elsewhere):
        path = path_of(rule, world.fillings(rule)[0])
        assert ask(rosa, path, method, **headers).status_code == 403, f"{method} {path} {headers}"
    assert world.rows() == before


# What the walk is good for: with a guard taken out it finds something.


def test_without_the_question_who_is_a_member_the_walk_finds_leaks(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_to_anybody(site_id: uuid.UUID) -> Membership:
        identity.signed_in()
        return db.first_or_404(sa.select(Membership).filter_by(site_id=site_id))

    monkeypatch.setattr(identity, "open_site", open_to_anybody)
    found = world.walk("member of another site")
    assert any("GET /sites/<uuid:site_id>/members ['depot']: tells of the depot" in wrong for wrong in found)
    assert any("not answered like one that does not exist" in wrong for wrong in found)


@contextlib.contextmanager
def without_the_guard(world: World) -> Iterator[None]:
    """An app without tenancy's listeners, as a role for which PostgreSQL has no row security either."""
    tenancy.uninstall()
    try:
        app = create_app(Settings(database_url=world.home.all_url or world.home.url))
        app.extensions["press"] = PretendPress()
        with closing(app):
            role = world.roles["member"]
            known = role.person
            role.person = Person(app, handle=known.handle, phrase=known.phrase, site=known.site)
            assert role.person.signs_in().status_code == 303
            yield
    finally:
        tenancy.install()


class TestAForgottenFilter:
    """A page that forgets to say whose events it deletes."""

    @pytest.fixture(autouse=True)
    def every_statement_stays_at_its_site(self) -> None:
        """Not here: tests.pinned_sql would stop it before the database does what it is told."""

    @pytest.mark.parametrize("guarded", [True, False])
    def test_is_found_only_where_the_guard_is_out(
        self, world: World, monkeypatch: pytest.MonkeyPatch, guarded: bool
    ) -> None:
        def forgetful(_: uuid.UUID) -> list[Event]:
            db.session.execute(sa.delete(Event))
            db.session.commit()
            return []

        monkeypatch.setattr(Event, "at", forgetful)
        with contextlib.nullcontext() if guarded else without_the_guard(world):
            found = world.walk("member")
        assert found == ([] if guarded else ["member, /sites/<uuid:site_id>/events: changes rows of event"])
