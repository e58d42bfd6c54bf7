"""Every address, by everybody, in every way: nobody reads or changes what is not theirs.

Two sites: Rosa's Depot and Dave's Mill. The canary word of each is in its name, in handles, and so in what its events
and labels say; and in every word of its papers, pictures and hand-outs.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import itertools
import re
import types
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from bulletin import create_app
from bulletin.config import Settings
from bulletin.db import Record, db, today
from bulletin.domain.network.answering import mandates
from bulletin.domain.network.answering.answers import Answer
from bulletin.domain.network.answering.matters import AskedPut, Matter, TogetherPut
from bulletin.domain.network.sharing import Shared, Sharing
from bulletin.domain.network.told import NeedTold, PaperTold, Sort, Told
from bulletin.domain.site.accounts.asked import AskedAccount
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.accounts.refused_tries import RefusedTry
from bulletin.domain.site.accounts.throttle import Throttle
from bulletin.domain.site.departures import NOWHERE, Departure
from bulletin.domain.site.events import Event
from bulletin.domain.site.invitations import Invitation
from bulletin.domain.site.sites import Site
from bulletin.vault import tenancy, words
from bulletin.vault.readers import Audience, Reader
from bulletin.web.guard import access, identity
from tests.databases import Database, closing
from tests.homes import ON_POSTGRESQL
from tests.web import notebook, workmates, writing
from tests.web.conftest import PretendPress
from tests.web.house import SITE, House, Person, invited_by_two, led_to
from tests.web.writing import settled  # noqa: F401

CANARIES = {"depot": "Tamarisk", "mill": "Quillwort"}  # each for the members of its site only
TOLD = "Meadowsweet"  # what the Depot told all sites: for whoever is in one
NETWORK = (
    "home.show",
    "told.index",
    "told.show",
    "told.new_draft",
    "telling.index",
    "needs.new_answer",
    "tables.take",
    *("matters.index", "matters.show", "matters.list_known", "matters.new"),
    *("matters.create", "matters.answer", "matters.agree", "matters.note_outcome", "matters.create_link"),
    "needs.answer",
)  # where it is read
ANSWERED = {"matters.show"}  # where who decides reads what others ask
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
UNSAFE = METHODS[3:]
COUNTS = (Throttle.__tablename__, RefusedTry.__tablename__)
PUBLIC = "print_tickets.show"  # the one page with a variable that asks nobody who they are
LATE = (
    *("articles.delete", "bulletins.put_away", "distributions.end_ticket", "distributions.cancel"),
    *(
        "telling.take_back",
        "conversations.withdraw",
        "follow_ups.finish",
        "escalation_plan.take_out",
        "actions.call_off",
    ),
    *(
        "exports.withdraw",
        "imports.undo",
        "contacts.forgetting.begin",
        "contacts.forgetting.stop",
        "units.remove_department",
        "units.remove_shift",
    ),
)
ENDINGS = ("signing_in.end", "devices.end_all", "devices.hide")  # after these a member signs in anew
LAST = "members.leave"  # after this a member is none
# Who walks, each in a world of their own.
ROLES = ("stranger", "removed member", "revoked device", "member of another site", "member")
ASKED = "asked by the sites, in none"  # who walks it all, and again when nobody asks any more
NOBODYS = {*("static", "assets.asset", "status.up"), *(f"public.{name}" for name in ("index", "feed", "show", "text"))}
NOBODYS |= {f"offline.{name}" for name in ("index", "talk", "action", "story", "draft")}  # empty forms
NOBODYS |= {"public.sheet", "public.setting", "signing_in.end"}  # where nobody asks who it is; and to sign out
OF_NETWORK = ("newcomer who does not decide yet", "member of a site that is not in")  # who walk that part alone
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}

# What fills the variables of an address: of the Depot, of the Mill, and of nothing there is. The Depot's device is
# Rosa's own, the Mill's is not Dave's but Nora's; what is no id is the same for everybody, and so are the letters of a
# ticket: whoever has them may read its sheet.
Filling = Mapping[str, tuple[str, object]]
FILLS: dict[str, Callable[[World], Mapping[str, object]]] = {
    "site_id": lambda world: world.ids["site"],
    "membership_id": lambda world: world.ids["place"],
    "invitation_id": lambda world: world.ids["invitation"],
    "question_id": lambda world: world.ids["question"],
    "device_id": lambda world: world.ids["device"],
    "bulletin_id": lambda world: world.ids["bulletin"],
    "article_id": lambda world: world.ids["article"],
    "correction_id": lambda world: world.ids["correction"],
    "picture_id": lambda world: world.ids["picture"],
    "printing_id": lambda world: world.ids["printing"],
    "distribution_id": lambda world: world.ids["distribution"],
    "ticket_id": lambda world: world.ids["ticket"],
    **{
        f"{kind}_id": lambda world, kind=kind: world.ids[kind]  # type: ignore[misc]
        for kind in (
            "department",
            "shift",
            "contact",
            "conversation",
            "follow_up",
            "action",
            "step",
            "import",
            "export",
        )
    },
    "parked_id": lambda world: world.ids["parked"],
    "told_id": lambda world: world.ids["told"],
    # One's own is not there to be answered, others' are.
    "need_id": lambda world: {"depot": world.ids["need"]["mill"], "mill": world.ids["need"]["depot"]},
    "matter_id": lambda world: {"anywhere": world.ids["matter"]["depot"]},
    "copy_id": lambda world: {"anywhere": world.ids["told"]["depot"]},
    "teller_id": lambda world: {"anywhere": world.ids["site"]["depot"]},
    "letters": lambda world: {"anywhere": world.letters, "nowhere": "0" * 16},
    "number": lambda _: {"anywhere": 0},
    "filename": lambda _: {"anywhere": "page.css"},
    "name": lambda _: {"anywhere": "sheet.css"},
    "topic": lambda _: {"anywhere": "pay"},
}
TOMORROW = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)).date().isoformat()
SENT = {  # enough for every deed to be done, where nothing keeps it from being done
    **{"code": "0" * 28, "handle": "Nobody", "words": "1" * 24, "place": "own", "label": "Mine"},
    **{"manuscript": "Words", "headline": "Words", "text": "Words", "title": "Words", "kind": "regular", "name": "box"},
    **{
        "version": "1",
        "change": "words",
        "language": "en",
        "way": "side",
        "side": "2",
        "agrees": "no",
        "reason": "Bad",
    },
    **{
        "audience": "sites",
        "says": "yes",
        "what": "Words",
        "why": "Words",
        "who": "Words",
        "did": "Words",
        "sort": "we need",
        "sentence": "Words",
        "reach": "Words",
        "needed": "1",
        "day": TOMORROW,
        "start": "05:30",
        "copies": "7",
        "paper": "a4",
    },
    **{"form": "meeting", "on": TOMORROW, "action": "Words", "met": "yes", "all": "yes", "kinds": "actions"},
    **{"others": "7", "tried": "Words", "keep": "yes", "when": "1", "whose": "Nobody", "other": "yes"},
    **{"people": '[["Words"]]', "take": "0", "column-0": "name", "department": "Words", "shift": "Words"},
}


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
    letters: str
    roles: dict[str, Role]
    connection: sa.Connection
    written: set[str] = dataclasses.field(default_factory=set)  # tables, since one last looked
    told_to: set[tuple[str, str]] = dataclasses.field(default_factory=set)  # who read what was told to all sites, where
    probed: set[tuple[str, str]] = dataclasses.field(default_factory=set)  # addresses, by a method they do not take

    def rows(self, names: Sequence[str] = ()) -> dict[str, set[tuple[uuid.UUID, str]]]:
        """All there is, or these tables: whose it is, and the row. Not the counts of what failed: nobody's."""
        found: dict[str, set[tuple[uuid.UUID, str]]] = {}
        with self.connection.begin():
            for table in Record.metadata.sorted_tables:
                if table.name not in COUNTS and (table.name in names or not names):
                    rows = found[table.name] = set()
                    for row in self.connection.execute(sa.select(table)).mappings():
                        if table.name == Departure.__tablename__ and row["of_site"] == NOWHERE:
                            continue  # of what is missing from its own table
                        owners = (row.get(name) for name in ("site_id", "of_site", "member_id", "issued_by_id", "id"))
                        rows.add((next(filter(None, owners)), repr(row)))
        return found

    def look(self, _: object, __: object, sql: str, *___: object) -> None:
        """Which tables does our own app write to? Asked of every statement; what it misses is found in the end."""
        if wrote := re.match(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)", sql):
            self.written.add(wrote[1])

    def rules(self) -> list[Rule]:
        """All addresses, each once."""
        return list({rule.rule: rule for rule in self.house.app.url_map.iter_rules()}.values())

    def steps(self) -> list[tuple[Rule, str]]:
        """All addresses in every way: what only shows first, what ends something last."""
        ways = itertools.product(self.rules(), METHODS)
        return sorted(ways, key=lambda way: (way[1] in UNSAFE) * (1 + _ends(way[0])))

    def fillings(self, rule: Rule, at: str = "") -> list[Filling]:
        """Ways to fill an address, by whose each variable is. All of one site, then of another, then of none; for whom
        is at a site, all but one of it too.
        """
        if unknown := rule.arguments - FILLS.keys():
            pytest.fail(f"{rule.rule}: FILLS does not say what fills {', '.join(sorted(unknown))}", pytrace=False)
        values = {name: FILLS[name](self) for name in sorted(rule.arguments)}
        first, other = (at or "depot"), ("depot" if at == "mill" else "mill")
        ways = [
            {name: site if site in known else next(iter(known)) for name, known in values.items()}
            for site in (first, other, "nowhere")
        ]
        ways += [{**ways[0], name: other} for name, known in values.items() if at and other in known]
        different = {tuple(way.items()): way for way in ways}.values()
        return [{name: (whose, values[name][whose]) for name, whose in way.items()} for way in different]

    def walk(self, name: str, *, only: Sequence[str] = (), own: bool = False) -> list[str]:
        """What is wrong with the answers this role gets, and with the rows after.

        `only`: these addresses, of all; `own`: with what is theirs and nothing else.
        """
        steps = [(rule, method) for rule, method in self.steps() if rule.rule in only or not only]
        return walk(self, self.roles[name], steps, own=own)


def _ends(rule: Rule) -> int:
    """How much is over after it: nothing, a thing of the site, a session, a membership."""
    ends = (*LATE, *ENDINGS, LAST)
    return ends.index(rule.endpoint) + 1 if rule.endpoint in ends else 0


def walk(world: World, role: Role, steps: Sequence[tuple[Rule, str]], *, own: bool = False) -> list[str]:
    wrong: list[str] = []
    before = world.rows()
    world.written.clear()
    absent: dict[tuple[str, str], str] = {}  # what is said of ids that are not theirs: always the same
    for rule, method in steps:
        taken = methods_of(world, rule)
        fillings = world.fillings(rule, role.at)
        # Their own last: whoever has left is a member nowhere.
        fillings = [*fillings[1:], fillings[0]] if not own else fillings[:1]
        if method not in taken or method == "OPTIONS":  # 405, or the methods, whatever the ids
            if (rule.rule, method) in world.probed:
                continue
            world.probed.add((rule.rule, method))
            fillings = fillings[:1]
        elif method == "HEAD":  # the same view as GET: asked for by those who are shown none
            fillings = [] if role.at else fillings[:1]
        for filling in fillings:
            wrong += wrong_with(world, role, rule, method, filling, absent, taken)
            if method == "POST" and role.signed_in and rule.endpoint in ENDINGS:
                role.person.signs_in()
        after = world.rows([*world.written]) if world.written else {}
        world.written.clear()
        wrong += [f"{role.name}, {method} {rule.rule}: {told}" for told in changed(role, before, after)]
        before |= after
    return wrong + [f"{role.name}, somewhere: {told}" for told in changed(role, before, world.rows())]


def changed(role: Role, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Which tables have rows that are not theirs and changed."""
    theirs = role.may_change
    tables = (name for name, rows in after.items() if any(whose not in theirs for whose, _ in rows ^ before[name]))
    return [f"changes rows of {name}" for name in sorted(tables)]


def wrong_with(
    world: World,
    role: Role,
    rule: Rule,
    method: str,
    filling: Filling,
    absent: dict[tuple[str, str], str],
    taken: set[str],
) -> list[str]:
    vouching = hasattr(world.house.app.view_functions[rule.endpoint], "is_grave") and role.person.phrase
    own_words = {"words": role.person.phrase} if vouching else {}
    answer = ask(role.person, path_of(rule, filling), method, own_words, **SAME_ORIGIN)
    here = f"{role.name}, {method} {rule.rule} {[whose for whose, _ in filling.values()]}"
    body = answer.data.decode("utf-8", "replace")
    text = f"{answer.status_code} {answer.headers} {body}"
    bears = rule.endpoint == PUBLIC and filling["letters"][0] == "anywhere"
    if bears and method in ("GET", "HEAD"):
        fine = answer.status_code == 200 and body in ("", "%PDF Tamarisk on paper")
        return [] if fine else [f"{here}: has the letters and not the sheet"]
    shown = text
    if rule.endpoint in NETWORK and (role.at or role.name == ASKED):  # whose name stands by what it told
        shown = text.replace("Depot Tamarisk", "").replace("Mill Quillwort", "")
    told = [site for site, word in CANARIES.items() if site != role.at and word in shown]
    wrong = [f"{here}: tells of the {site}" for site in told]
    if TOLD in text:
        world.told_to.add((role.name, rule.endpoint))
    if answer.status_code >= 500:
        wrong.append(f"{here}: breaks")
    own = [name if role.owns(name, whose) else "" for name, (whose, _) in filling.items()]
    if "" not in own:
        if method in taken and role.at and "site_id" in filling and answer.status_code in (404, 405):
            wrong.append(f"{here}: is theirs, and not there")
        return wrong
    said = without_ids(text, filling)
    if absent.setdefault((rule.rule, method), said) != said:
        wrong.append(f"{here}: is not answered like one that does not exist")
    strangers = 404 if rule.endpoint == PUBLIC else 303 if method in ("GET", "HEAD") else 403
    if method != "OPTIONS" and answer.status_code not in (404 if role.signed_in else strangers, 405):
        wrong.append(f"{here}: is answered with {answer.status_code}")
    return wrong


def methods_of(world: World, rule: Rule) -> set[str]:
    """The methods that an address takes, by any of its rules."""
    rules = world.house.app.url_map.iter_rules()
    return {method for other in rules if other.rule == rule.rule for method in other.methods or ()}


def path_of(rule: Rule, filling: Filling) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(filling[found[1]][1]), rule.rule)


def ask(
    person: Person, path: str, method: str, own: Mapping[str, str] = types.MappingProxyType({}), **headers: str
) -> TestResponse:
    data = {**SENT, **own} if method in UNSAFE else None
    return person.client.open(path, method=method, base_url=person.base, headers=headers, data=data, buffered=True)


def without_ids(text: str, filling: Filling) -> str:
    """An answer without the ids that were asked for, which it may send back."""
    for _, value in filling.values():
        text = text.replace(str(value), "…") if isinstance(value, uuid.UUID) else text
    return re.sub(r"Content-Length: .*", "", text)


def other_browser(person: Person, label: str) -> Person:
    other = Person(person.app, handle=person.handle, phrase=person.phrase, site=person.site)
    assert other.signs_in(label=label).status_code == 303
    return other


def a_paper(word: str, first: Person, second: Person) -> dict[str, Any]:
    """A paper with everything in it and around it; the ids of what belongs to it, and the letters of its ticket."""
    path = writing.begin(first, f"{word} said", f"{word} came back", headline=f"{word} on paper")
    about = {name: f"{word} {name}" for name in ("masthead", "site", "strapline", "published_by", "printed_by")}
    assert writing.save_header(second, path, **about, reply=f"https://{word.lower()}.example").status_code == 303
    writing.save(second, writing.pieces(first, path)[0], f"{word} wrote", title=word)
    assert writing.put_picture(first, path, alt=f"{word} waves", caption=f"{word} again").status_code == 303
    assert writing.speak(first, writing.agreed(path, first), "no", reason=f"{word} objects").status_code == 303
    assert writing.speak(first, path).status_code == writing.speak(second, path).status_code == 303
    lead = writing.pieces(first, path)[0]
    assert writing.save(second, lead, f"{word} writes", title=word, change="correction").status_code == 303
    agreement = writing.waiting(first, path)
    assert first.sends(agreement).status_code == 303
    writing.printed(first, path)
    handed_out = writing.hand_out(first, path, f"Gate {word}")
    letters = writing.ticket(first, handed_out)
    shown = first.opens(f"{path}/hand-outs").text
    return {
        "bulletin": path,
        "article": lead,
        "correction": agreement.removesuffix("/agreement"),
        "picture": re.findall(rf"{path}/pictures/{writing.ID}", first.opens(path).text)[0],
        "printing": re.findall(rf"{path}/printings/{writing.ID}", first.opens(f"{path}/away").text)[0],
        "distribution": handed_out,
        "ticket": re.findall(rf"/tickets/({writing.ID})/end", shown)[0],
        "letters": letters,
    }


def told_to_all(person: Person, name: str, ids: dict[str, Any]) -> None:
    """The Depot's word for every site; the Mill's own, which is for itself: nobody is to read it elsewhere."""
    with notebook.inside(person) as place:
        told_id, words = uuid.uuid4(), TOLD if name == "depot" else "Nothing much."
        text = f"---\nkind: regular\nheadline: {words}\n---\nWords of {words}"
        need_id, sort = uuid.uuid4(), Sort.NEED
        Told.tell(place.site_id, need_id, NeedTold(sort=sort, sentence="A printer"), Audience.SITES, today())
        Told.tell(place.site_id, told_id, PaperTold(headline=words), Audience.SITES, today(), text=text, sheet=b"%PDF")
        db.session.add(Sharing(site_id=place.site_id, id=told_id, what=Shared(by=person.handle)))
        place.site.told_to = Audience.SITES.value
        matter_id, ends_on = uuid.uuid4(), today() + datetime.timedelta(days=1)
        said = TogetherPut(what=words, why=words, day=today().isoformat())
        Matter.put(place.site_id, matter_id, said, 0, ends_on)
        db.session.commit()
    ids.setdefault("told", {})[name] = told_id
    ids.setdefault("need", {})[name] = need_id
    ids.setdefault("matter", {})[name] = matter_id


def two_sites(house: House) -> tuple[dict[str, Person], dict[str, Any]]:
    rosa, dave = house.person(), house.person()
    depot, mill = {**SITE, "site_name": "Depot Tamarisk"}, {**SITE, "site_name": "Mill Quillwort"}
    rosa.becomes("/foundings", "Rosa Tamarisk", code=house.code, network="Northfield", **depot)
    dave.becomes("/foundings/further", "Dave Quillwort", code=rosa.invites("/founding-invitations"), **mill)
    bill, clara = house.joined(rosa, "Bill Tamarisk"), house.joined(rosa, "Clara")
    nora = house.joined(dave, "Nora Quillwort")
    cleo, pia = invited_by_two(house, rosa, bill, "Cleo Tamarisk"), house.person()
    port = {**SITE, "site_name": "Port Sandwort"}
    pia.becomes("/foundings/further", "Pia", code=dave.invites("/founding-invitations"), **port)
    nora.sends("/devices/current/label", label="Quillwort’s")
    second, lost = other_browser(rosa, "Tamarisk’s second"), other_browser(rosa, "Tamarisk’s lost")
    rosa.invites()
    dave.invites()

    ids: dict[str, Any] = {kind: {} for kind in ("site", "place", "invitation", "device")}
    with house.app.app_context():
        member = {one.handle.split()[0]: one.id for one in db.session.scalars(sa.select(Member))}
        devices = [Device.with_token(workmates.token_of(one)) for one in (nora, second, lost)]
        noras, rosas, lost_one = [device.id for device in devices if device]
        for name, founder, other in (("depot", rosa, "Bill"), ("mill", dave, "Nora")):
            site = ids["site"][name] = uuid.UUID(founder.site.rpartition("/")[2])
            place = sa.select(Membership.id).filter_by(site_id=site)
            ids["place"][name] = db.session.scalars(place.filter_by(member_id=member[other])).one()
            ids["invitation"][name] = db.session.scalars(sa.select(Invitation.id).filter_by(site_id=site)).one()
        ids["site"]["port"] = uuid.UUID(pia.site.rpartition("/")[2])
        db.session.get_one(Site, ids["site"]["port"]).in_since = None
        db.session.commit()
        claras = db.session.scalars(sa.select(Membership.id).filter_by(member_id=member["Clara"])).one()
        db.session.remove()
    ids["device"] = {"depot": rosas, "mill": noras}
    for name, first, second in (("depot", rosa, bill), ("mill", dave, nora)):
        for kind, where in a_paper(CANARIES[name], first, second).items():
            ids.setdefault(kind, {})[name] = where if kind == "letters" else uuid.UUID(where.rpartition("/")[2])
        with notebook.inside(first) as place:
            for kind, id_ in notebook.one_of_each(place, CANARIES[name]).items():
                ids.setdefault(kind, {})[name] = id_
    ids["member"] = member
    told_to_all(rosa, "depot", ids)
    told_to_all(dave, "mill", ids)

    removal = f"{rosa.site}/members/{claras}/removal"
    question = rosa.vouches(removal).location
    assert bill.vouches(f"{question}/answers", answer="yes").status_code == 303
    assert clara.comes_back().status_code == 200  # a lock closes her phone
    ids["question"] = {"depot": uuid.UUID(question.rpartition("/")[2])}
    bills = ids["place"]["mill"]
    ids["question"]["mill"] = uuid.UUID(
        dave.vouches(f"{dave.site}/members/{bills}/removal").location.rpartition("/")[2]
    )
    assert rosa.sends(f"/devices/{lost_one}/revocation").status_code == 303
    ines = asked(house, rosa, dave)
    with house.app.app_context():
        ids["member"]["Ines"] = db.session.scalars(sa.select(AskedAccount.member_id)).one()
        db.session.remove()
    return {"rosa": rosa, "dave": dave, "clara": clara, "lost": lost, "cleo": cleo, "pia": pia, "ines": ines}, ids


def asked(house: House, rosa: Person, dave: Person) -> Person:
    """Somebody in no site, whom the Depot would have asked to do something; the Mill says yes."""
    with notebook.inside(rosa) as place:
        said, ends_on = AskedPut(task="Words", name="Ines"), today() + datetime.timedelta(days=1)
        matter_id = Matter.put(place.site_id, uuid.uuid4(), said, 2, ends_on).id
        db.session.flush()
        Answer.give(place.site_id, db.session.get_one(Matter, (place.site_id, matter_id)), yes=True)
        db.session.commit()
    with notebook.inside(dave) as place:
        tenancy.read_as(db.session, Reader.DECIDER)
        Answer.give(place.site_id, db.session.scalars(sa.select(Matter).filter_by(id=matter_id)).one(), yes=True)
        db.session.commit()
    with notebook.inside(rosa) as place:
        tenancy.read_as(db.session, Reader.DECIDER)
        secret = mandates.invite(place, db.session.get_one(Matter, (place.site_id, matter_id)))
        db.session.commit()
    ines = house.person()
    assert led_to(ines.becomes("/invitations/answers", "Ines", code=words.link_text(secret))) == "/network"
    return ines


@contextlib.contextmanager
def world_of(house: House, people: dict[str, Person], told: dict[str, Any]) -> Iterator[World]:
    """A house of two sites, looked at from beside it."""
    member, letters = told["member"], told["letters"]["depot"]
    nowhere = {"nowhere": uuid.uuid4()}
    ids = {kind: {**known, **nowhere} for kind, known in told.items() if kind not in ("member", "letters")}
    roles = (
        Role("stranger", house.person(), signed_in=False),
        Role("removed member", people["clara"], may_change={member["Clara"]}),
        Role("revoked device", people["lost"], signed_in=False),
        Role("member of another site", people["dave"], "mill", may_change={member["Dave"], ids["site"]["mill"]}),
        Role("member", people["rosa"], "depot", may_change={member["Rosa"], ids["site"]["depot"]}),
        Role(OF_NETWORK[0], people["cleo"], "depot", may_change={member["Cleo"], ids["site"]["depot"]}),
        Role(ASKED, people["ines"], may_change={member["Ines"]}),
        Role(OF_NETWORK[1], people["pia"], "port", may_change={member["Pia"], ids["site"]["port"]}),
    )
    with house.home.engine().connect() as connection:
        found = World(house.home, house, ids, letters, {role.name: role for role in roles}, connection)
        sa.event.listen(sa.Engine, "before_cursor_execute", found.look)
        yield found
        sa.event.remove(sa.Engine, "before_cursor_execute", found.look)


@pytest.fixture
def world(settled: Any) -> Iterator[World]:  # noqa: F811
    with world_of(*settled(two_sites)) as found:
        yield found


def test_the_walk_looks_at_every_table_and_everybody_walks(world: World) -> None:
    with world.connection.begin():
        assert set(sa.inspect(world.connection).get_table_names()) == {*Record.metadata.tables, "alembic_version"}
    assert {*world.roles} == {*ROLES, ASKED, *OF_NETWORK}


@pytest.mark.parametrize("name", ROLES)
def test_nobody_reads_or_changes_what_is_not_theirs(world: World, name: str) -> None:
    rosa = world.roles["member"].person
    paper = f"{rosa.site}/bulletins/{world.ids['bulletin']['depot']}"
    own = (f"{rosa.site}/events", f"{rosa.site}/members", "/devices", paper, f"{paper}/hand-outs", f"{paper}/away")
    assert [page for page in own if "Tamarisk" not in rosa.opens(page).text] == []
    if name != ROLES[0]:  # a way that an address does not take is tried once, by the first
        world.probed.update((rule.rule, method) for rule, method in world.steps())
    assert "\n".join(world.walk(name)) == ""
    read_at = {endpoint for role, endpoint in world.told_to if role == name}
    assert read_at >= {*NETWORK[1:4], *ANSWERED} if world.roles[name].at else read_at == set()
    # They did get everywhere: at the end of her walk Rosa has left the only site she had.
    assert rosa.signs_in().status_code == (422 if name == "member" else 303)


@ON_POSTGRESQL
def test_row_security_keeps_nobody_from_what_is_theirs(world: World) -> None:
    """Nor does PostgreSQL's own SQL. What is not theirs is asked for on SQLite, where row security hides no mistake."""
    rosa = world.roles["member"].person
    world.probed.update((rule.rule, method) for rule, method in world.steps())
    assert "\n".join(world.walk("member", own=True)) == ""
    assert rosa.signs_in().status_code == 422, "at the end she has left the only site she had"


def test_who_is_asked_and_in_no_site_reads_what_sites_tell_and_nothing_else(world: World) -> None:
    ines, open_to_them = world.roles[ASKED], access.TO_WHO_IS_ASKED | NOBODYS
    ines.person.signs_in()
    world.probed.update((rule.rule, method) for rule, method in world.steps())
    assert "\n".join(world.walk(ASKED)) == ""
    assert {endpoint for role, endpoint in world.told_to if role == ASKED} == {"told.index", "told.show"}

    def opened() -> set[str]:
        """Addresses that they do not find shut; those of sites ask for a place there, as was walked."""
        rules = [rule for rule in world.rules() if "site_id" not in rule.arguments]
        ways = [(rule, method) for rule in rules for method in methods_of(world, rule) - {"OPTIONS", "HEAD"}]
        found = set()
        for rule, method in ways:
            if rule.endpoint != "signing_in.end":
                path = path_of(rule, world.fillings(rule, "depot")[0])
                if ask(ines.person, path, method, **SAME_ORIGIN).status_code != 404:
                    found.add(rule.endpoint)
            if rule.endpoint in ENDINGS:
                ines.person.signs_in()
        return found

    assert opened() <= open_to_them
    with notebook.inside(world.roles["member of another site"].person) as place:
        db.session.execute(sa.delete(Answer).filter_by(site_id=place.site_id))
        db.session.commit()
    assert opened() <= NOBODYS


@pytest.mark.parametrize("name", OF_NETWORK)
def test_who_is_new_and_who_is_not_in_reads_and_says_nothing_of_what_sites_ask(world: World, name: str) -> None:
    rooms = ("told", "telling", "needs", "matters", "known", "public")
    rules = [rule for rule in world.rules() if rule.endpoint.partition(".")[0] in rooms]
    wrong = world.walk(name, only=[rule.rule for rule in rules])
    assert [one for one in wrong if not one.endswith("is theirs, and not there")] == [], "that is as it should be"
    read_at = {endpoint for role, endpoint in world.told_to if role == name}
    if name == OF_NETWORK[0]:
        assert read_at >= set(NETWORK[1:4]), "what is told every member reads"
    assert not {one for one in read_at if one.startswith("matters.") or name == OF_NETWORK[1]}
    for rule in (one for one in rules if one.endpoint.startswith("matters.")):
        for method in methods_of(world, rule) - {"OPTIONS"}:
            path = path_of(rule, world.fillings(rule, world.roles[name].at)[0])
            assert ask(world.roles[name].person, path, method, **SAME_ORIGIN).status_code == 404, f"{method} {path}"


def test_a_rule_nobody_can_fill_fails_by_name(world: World) -> None:
    world.house.app.url_map.add(Rule("/sites/<uuid:site_id>/parcels/<uuid:parcel_id>", endpoint="status.up"))
    with pytest.raises(pytest.fail.Exception, match=r"/parcels/<uuid:parcel_id>: .* parcel_id"):
        world.walk("stranger")


def test_nothing_is_done_that_was_not_sent_from_our_page(world: World) -> None:
    before, rosa = world.rows(), world.roles["member"].person
    elsewhere = ({}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://x.example"})
    in_turn = itertools.cycle(elsewhere)
    for rule, method in itertools.product(world.rules(), UNSAFE):
        path = path_of(rule, world.fillings(rule)[0])
        # A way that an address does not take changes nothing, whoever sends it: each is tried with one of them.
        for headers in elsewhere if method in methods_of(world, rule) else [next(in_turn)]:
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
    rooms = [f"/sites/<uuid:site_id>/{room}" for room in ("departures/new", "members", "bulletins")]
    found = world.walk("member of another site", only=rooms)
    assert any("GET /sites/<uuid:site_id>/departures/new ['depot']: tells of the depot" in wrong for wrong in found)
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
            world.roles["stranger"].person = Person(app)
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
        def forgetful(*_: object) -> list[Event]:
            db.session.rollback()
            db.session().only_reads = False  # or the database would not let a page that shows write, guard or no guard
            db.session.execute(sa.delete(Event))
            db.session.commit()
            return []

        monkeypatch.setattr(Event, "some_at", forgetful)
        with contextlib.nullcontext() if guarded else without_the_guard(world):
            found = world.walk("member", only=("/sites/<uuid:site_id>/events", "/sites/<uuid:site_id>/members"))
        assert found == ([] if guarded else ["member, GET /sites/<uuid:site_id>/events: changes rows of event"])

    @pytest.mark.parametrize("guarded", [True, False])
    def test_of_what_is_told_shows_a_stranger_only_where_the_guard_is_out(
        self, world: World, monkeypatch: pytest.MonkeyPatch, guarded: bool
    ) -> None:
        def forgetful(site_id: uuid.UUID, _: int) -> list[Told]:
            return list(db.session.scalars(sa.select(Told).filter_by(site_id=site_id)))

        monkeypatch.setattr(Told, "to_anyone", forgetful)
        with contextlib.nullcontext() if guarded else without_the_guard(world):
            world.walk("stranger", only=("/public/<uuid:teller_id>", "/public/<uuid:teller_id>/feed"))
        read_at = {("stranger", "public.index"), ("stranger", "public.feed")}
        assert world.told_to == (set() if guarded else read_at)
