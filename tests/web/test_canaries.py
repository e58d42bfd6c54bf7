"""What people type stays sealed: their words are nowhere in the clear, whatever is copied of the machine.

A whole life with a canary word in everything that is typed, and a paper's life in it. Network, sites and handles are
in the clear by design; their canaries show that the search would find one.
"""

from __future__ import annotations

import base64
import logging
import pathlib
import tempfile

import pytest
import sqlalchemy as sa

from bulletin.backup import departures, envelope, making
from bulletin.db import db, today
from tests.databases import Database
from tests.web import notebook, workmates, writing
from tests.web.conftest import TEXT, PretendPress
from tests.web.house import SITE, House, Person, house, read  # noqa: F401

IN_THE_CLEAR = ("Networkbryony", "Sitecelandine", "Rosatansy", "Billteasel")
TYPED = "Sundewcanary"  # in a manuscript, in a file's name, in what was mistyped and refused


def ways_to_write(word: str) -> set[bytes]:
    """A word as files hold it: in the usual encodings, with or without its spaces."""
    words = {word, word.replace(" ", ""), word.replace(" ", "+"), word.replace(" ", "%20")}
    plain = {text.encode(coding) for text in words for coding in ("utf-8", "utf-16-le")}
    lines = {base64.b64encode(text.encode()).rstrip(b"=")[:-1] for text in words}
    return plain | {text.hex().encode() for text in plain} | lines


def files_in(*folders: pathlib.Path) -> dict[str, bytes]:
    found = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in found}


def tables_of(home: Database) -> dict[str, bytes]:
    """Every table, each value as it is stored."""
    told: dict[str, bytes] = {}
    with home.engine().connect() as connection:
        for name in sa.inspect(connection).get_table_names():
            rows = connection.execute(sa.select(sa.text("*")).select_from(sa.table(name)))
            values = (value for row in rows for value in row)
            told[name] = b"\n".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in values)
    return told


def other_words(rosa: Person) -> str:
    """Rosa changes them; the old ones."""
    path, old = "/devices/words", rosa.phrase
    assert rosa.sends(path, words=f"{TYPED} a b c d e").status_code == 422
    shown = read(rosa.sends(path, words=old, **{"secret": "words", "step": "about"}))
    rosa.phrase = " ".join(shown.phrase)
    assert rosa.sends(path, **shown.hidden, typed=rosa.phrase, step="typed").status_code == 303
    return old


def a_life(house: House, temporary: pathlib.Path) -> list[str]:  # noqa: F811
    """From founding to removal, with whatever may be mistyped on the way; the secrets of everybody."""
    secrets = [house.code, TYPED]
    rosa, bill = house.person(), house.person()
    about = {**SITE, "site_name": "Sitecelandine", "network": "Networkbryony"}
    assert rosa.sends("/foundings", code=TYPED, handle=TYPED, locked=TYPED, typed=TYPED, **about).status_code == 422
    assert rosa.becomes("/foundings", "Rosatansy", code=house.code, **about).status_code == 303
    code = rosa.invites()
    assert bill.sends("/invitations/answers", code=TYPED).status_code == 422
    assert bill.becomes("/invitations/answers", "Billteasel", code=code, **{"secret": "digits"}).status_code == 303
    to_found = rosa.invites("/founding-invitations")
    clara = house.joined(rosa, "Clara")
    open_code = rosa.invites()
    secrets += [code, open_code, to_found]

    rosa.opens("/sign-in")
    assert rosa.sends("/sign-in", handle=TYPED, words=f"{TYPED} a b c d e", place="own").status_code == 422
    assert rosa.signs_in(label=f"{TYPED} phone").status_code == 303
    rosa.sends("/devices/current/hiding")
    assert rosa.sends("/devices/current/key", words=f"{TYPED} a b c d e").status_code == 422
    assert rosa.sends("/devices/current/key", words=rosa.phrase).status_code == 303
    secrets.append(other_words(rosa))

    manuscript = TEXT.replace("Nobody drives alone", TYPED) + f"\n{TYPED * 3}\n"
    for page in ("/previews", "/proofs", "/sheets", "/texts", "/beginnings", "/manuscripts"):
        assert rosa.sends(page, manuscript=manuscript, paper="a4").status_code == 200, page
        rosa.sends(page, manuscript=manuscript.replace("2026-11-23", TYPED), paper=TYPED)
    secrets += papers_life(rosa, bill)
    notebook_life(rosa, bill)
    house.app.extensions["press"].failure = RuntimeError(TYPED)  # it breaks, and what it says of it is logged
    assert rosa.sends("/sheets", manuscript=manuscript, paper="a4").status_code == 500
    assert rosa.opens(f"/{TYPED}?{TYPED}").status_code == 404

    people = read(rosa.opens(f"{rosa.site}/members"))
    pages = [rosa.reads(link) for link in people.links if "/members/" in link]
    asked = [action for page in pages for action in page.actions if action.endswith("/removal")][-1]
    question = rosa.vouches(asked)
    assert question.status_code == 303
    assert bill.vouches(f"{question.location}/answers", answer="yes").status_code == 303
    for action in rosa.reads(f"{rosa.site}/invitations").actions:
        if action.endswith("/withdrawal"):
            assert rosa.sends(action).status_code == 303
    assert clara.comes_back(clara.site).status_code == 404
    writing.begin(rosa, TYPED, headline=TYPED)  # the last word is still in the log of the database
    for person in (rosa, bill, clara):
        secrets.append(person.phrase)
        secrets += [cookie_of(person)]
    return secrets


def papers_life(rosa: Person, bill: Person) -> list[str]:
    """A paper from its first question to its hand-out, with the word in every field, taken or refused; the letters."""
    about = {name: f"{TYPED} {name}" for name in ("headline", "strapline", "masthead", "number", "site")}
    about |= {"published_by": TYPED, "printed_by": TYPED, "reply": f"https://{TYPED.lower()}.example/{TYPED}"}
    for kind in ("no-deal", "regular"):
        paper = writing.begin(rosa, *[f"{TYPED} {index}" for index in range(4)], kind=kind, headline=TYPED)
    assert writing.save_header(bill, paper, **{**about, "number": TYPED}).status_code == 303
    assert writing.save_header(bill, paper, **about, date=TYPED).status_code == 422
    assert rosa.sends(f"{rosa.site}/bulletins", manuscript=f"---\n{TYPED * 3}").status_code == 422
    pressed = TEXT.replace("Nobody drives alone", TYPED)
    assert writing.with_file(rosa, f"{rosa.site}/bulletins", pressed.encode(), f"{TYPED}.md").status_code == 303

    story, stale = writing.add(bill, paper, TYPED, title=TYPED), rosa.reads(writing.pieces(rosa, paper)[0])
    lead = writing.pieces(rosa, paper)[0]
    assert writing.save(bill, lead, f"{TYPED} as Bill tells it").status_code == 303
    assert writing.save(rosa, lead, f"{TYPED} as Rosa tells it", page=stale).status_code == 409
    assert writing.by_script(rosa, lead, text=f"{TYPED} later", version="1").status_code == 409
    assert writing.save(rosa, lead, f"{TYPED} in the end", title=TYPED).status_code == 303
    assert rosa.sends(f"{story}/deletion").status_code == 303
    camera = b"\xff\xd8\xff" + TYPED.encode() * 60_000  # more than Werkzeug keeps in memory by itself
    assert writing.put_picture(rosa, paper, camera, alt=TYPED, caption=TYPED).status_code == 303
    assert writing.put_picture(rosa, paper, camera, alt=TYPED * 99, agreed=TYPED).status_code == 422
    assert writing.put_picture(rosa, paper, camera * 40, alt=TYPED).status_code == 413

    writing.propose(rosa, paper)
    assert writing.speak(bill, paper, "no", reason=TYPED).status_code == 303
    assert bill.sends(f"{paper}/voices", digest=TYPED, agrees=TYPED, reason=TYPED).status_code == 409
    assert writing.speak(bill, paper).status_code == 303
    writing.put_right(rosa, bill, lead, f"{TYPED} corrected", title=TYPED)
    assert writing.save(rosa, lead, f"{TYPED} once more", title=TYPED, change="correction").status_code == 303
    assert TYPED.encode() in writing.printed(rosa, paper)
    assert rosa.sends(f"{paper}/printings", paper=TYPED, copies=TYPED).status_code == 422
    handed_out = writing.hand_out(rosa, paper, TYPED)
    assert rosa.sends(f"{paper}/hand-outs", place=TYPED, day=TYPED, start=TYPED, end=TYPED).status_code == 422
    assert rosa.sends(f"{handed_out}/outcome", went=TYPED, copies="7").status_code == 303
    letters = writing.ticket(rosa, handed_out)
    assert TYPED.encode() in Person(rosa.app).opens(f"/p/{letters}").data, "but to whoever has the letters"
    Person(rosa.app).sends("/p/", letters=TYPED)
    for way in ("manuscript", "cards/0", "away"):
        assert rosa.opens(f"{paper}/{way}").status_code == 200
    assert rosa.opens(f"{rosa.site}/bulletins/archive").status_code == 200
    writing.save(rosa, lead, f"{TYPED} anew", title=TYPED, change="words")
    return [letters]


def notebook_life(rosa: Person, bill: Person) -> None:
    """Everything a notebook can hold, with the word in every field, taken or refused; some of it forgotten again."""
    site = rosa.site
    known = {name: f"{TYPED} {name}" for name in ("nickname", "title", "reach", "languages", "known_by", "notes")}
    contact = workmates.add(rosa, TYPED, **known)
    assert rosa.sends(f"{site}/contacts", name=TYPED * 10, phone=TYPED, **known).status_code == 422
    assert rosa.sends(f"{site}/contacts", name=f"{TYPED} too").status_code == 200  # is it one of these?
    assert rosa.sends(f"{site}/contacts/search", words=TYPED).status_code == 200
    said = {name: f"{TYPED} {name}" for name in ("note", "ask", "commitment")}
    talk = workmates.noted(rosa, contact, **said)
    assert workmates.note(rosa, name=TYPED, day=TYPED, **said).status_code == 422
    assert bill.sends(talk, note=f"{TYPED} corrected").status_code == 303
    assert rosa.sends(f"{workmates.noted(rosa, contact, **said)}/withdrawal").status_code == 303
    workmates.plan(rosa, contact, reason=TYPED)
    with notebook.inside(rosa) as place:
        notebook.one_of_each(place, TYPED)
    when = {"form": "meeting", "day": "2026-11-23", "start": "05:30"}
    assert rosa.sends(f"{site}/actions", title=TYPED, place=TYPED, demand=TYPED, **when).status_code == 303
    assert (
        rosa.sends(f"{site}/actions", title=TYPED, place=TYPED, day=TYPED, start=TYPED, form=TYPED).status_code == 422
    )
    assert rosa.sends(f"{site}/steps", on=TYPED, action=TYPED, test=TYPED, threshold=TYPED).status_code == 422
    assert rosa.sends(f"{site}/calendar/file", kinds="actions").status_code == 200
    card = f"BEGIN:VCARD\nVERSION:3.0\nFN:{TYPED} of the family\nTEL:{TYPED}\nEND:VCARD\n".encode()
    assert writing.with_file(rosa, f"{site}/imports/readings", card * 3, f"{TYPED}.vcf").status_code == 200
    assert rosa.sends(f"{contact}/everything").status_code == 200
    put = {"kind": "together", "why": f"{TYPED}, for the others", "day": today().isoformat()}
    put["what"] = f"{TYPED}, not agreed yet"
    seen = read(rosa.sends(f"{site}/answers", **put)).hidden["seen"]  # it is the name of somebody in the notebook, too
    waits = rosa.sends(f"{site}/answers", seen=seen, **put)
    assert waits.status_code == 303, "what waits for the word of one's own is sealed"
    assert TYPED in bill.opens(waits.location).text
    twin = workmates.add(rosa, f"{TYPED} twin", notes=TYPED)
    assert rosa.sends(f"{twin}/forgetting").status_code == 303


def cookie_of(person: Person) -> str:
    found = person.client.get_cookie("device")
    assert found
    return found.value


def test_what_is_typed_is_nowhere_in_the_clear(
    home: Database,
    house: House,  # noqa: F811
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    instance, temporary = tmp_path / "instance", tmp_path / "tmp"
    instance.mkdir()
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    house.app.instance_path = str(instance)
    house.app.extensions["press"] = PretendPress()
    departures.watch(house.app)
    envelope.new_key(instance)
    caplog.set_level(logging.DEBUG)

    secrets = a_life(house, temporary)
    if home.kind == "sqlite":
        assert (tmp_path / "home.db-wal").stat().st_size > 0
        assert (tmp_path / "home.db-shm").exists()
    with house.app.app_context():
        db.session.remove()
    making.make(house.app, tmp_path / "backup.age")
    heard = capfd.readouterr()
    places = {
        **files_in(tmp_path),
        **tables_of(home),
        "the log": caplog.text.encode(),
        "standard output": heard.out.encode(),
        "standard error": heard.err.encode(),
    }
    assert "Broke in sheets.create" in caplog.text
    assert (tmp_path / "backup.age").stat().st_size > 1000
    found = {
        f"{secret} in {place}"
        for secret in secrets
        for way in ways_to_write(secret)
        for place, content in places.items()
        if way in content or way.lower() in content
    }
    assert found == set()
    held = b"".join(places.values())
    assert [word for word in IN_THE_CLEAR if word.encode() not in held] == []
    sealed = (tmp_path / "backup.age").read_bytes() + caplog.text.encode() + "".join(heard).encode()
    assert [word for word in IN_THE_CLEAR if word.encode() in sealed] == []
