"""Catalogues for translators: begun, brought up to date, compiled; and nobody is named in them."""

from __future__ import annotations

import gettext
import pathlib
import re
import shutil
from collections.abc import Callable

import pytest
from babel.messages import Catalog

from bulletin.config import CATALOGUES
from bulletin.domain.people.contact_fields import fields
from bulletin.domain.people.refusals import Field
from bulletin.press.kinds import KINDS
from bulletin.sentences import catalogues
from bulletin.sentences.marks import Plural

from .test_every_code import tables, texts

FULL = "There are %(most)s people in the list already."


@pytest.fixture(scope="module")
def sentences() -> Catalog:
    return catalogues.messages()


@pytest.fixture
def make_messages(
    tmp_path: pathlib.Path, sentences: Catalog, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    """make_messages(): its status, and what translators have in Polish then."""
    monkeypatch.setattr(catalogues, "messages", lambda: sentences)

    def make_messages(*, new: str = "", typed: tuple[str, str] | None = None) -> tuple[int, str]:
        written = tmp_path / "pl" / "LC_MESSAGES" / "messages.po"
        if typed is not None:
            before = written.read_text(encoding="utf-8")
            assert f'msgid "{typed[0]}"\nmsgstr ""\n' in before
            after = before.replace(f'msgid "{typed[0]}"\nmsgstr ""\n', f'msgid "{typed[0]}"\nmsgstr "{typed[1]}"\n')
            written.write_text(after, encoding="utf-8")
        status = catalogues.main(tmp_path, new)
        return status, written.read_text(encoding="utf-8") if written.exists() else ""

    return make_messages


def spoken(folder: pathlib.Path) -> gettext.GNUTranslations:
    with (folder / "pl" / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_every_sentence_of_every_room_is_found(sentences):
    for name, table in tables():
        for code, sentence in table.items():
            if isinstance(code, Field) and not fields()[code.value].label:
                continue  # what nobody is asked or shown has no word of its own, and nothing refuses it
            message = sentences.get(texts(sentence)[0])
            assert message is not None, f"{name}: {sentence}"
            assert isinstance(sentence, Plural) == bool(message.pluralizable)


def test_what_the_kinds_ask_is_found_too(sentences):
    for kind in KINDS.values():
        for text in (kind.title, kind.purpose, *(question.text for question in kind.questions)):
            assert text in sentences


def test_while_there_is_no_language_nothing_is_written(make_messages, tmp_path, capsys):
    assert make_messages() == (0, "")
    assert list(tmp_path.iterdir()) == []
    assert "languages besides English: none yet" in capsys.readouterr().out


def test_a_language_that_is_begun_speaks_english_until_somebody_translates(make_messages, tmp_path):
    status, written = make_messages(new="pl")
    assert (status, written.count('msgstr ""\n') > 1_000) == (0, True)
    assert 'msgstr[2] ""' in written, "Polish has three forms"
    assert spoken(tmp_path).gettext(FULL) == FULL


def test_what_was_translated_is_said_and_stays(make_messages, tmp_path):
    make_messages(new="pl")
    status, written = make_messages(typed=(FULL, "Na liście jest już %(most)s osób."))
    assert status == 0
    assert spoken(tmp_path).gettext(FULL) == "Na liście jest już %(most)s osób."
    compiled = (tmp_path / "pl" / "LC_MESSAGES" / "messages.mo").read_bytes()
    assert make_messages() == (0, written)
    assert (tmp_path / "pl" / "LC_MESSAGES" / "messages.mo").read_bytes() == compiled


def test_what_would_break_a_sentence_is_told_and_not_said(make_messages, tmp_path, capsys):
    make_messages(new="pl")
    status, written = make_messages(typed=(FULL, "Na liście jest już %(ile)s osób."))
    assert status == 1
    assert FULL in capsys.readouterr().err
    assert "%(ile)s" in written, "it is there to be mended"
    assert spoken(tmp_path).gettext(FULL) == FULL


def test_what_is_only_guessed_is_not_said(make_messages, tmp_path, sentences, monkeypatch):
    make_messages(new="pl")
    make_messages(typed=(FULL, "Na liście jest już %(most)s osób."))
    other = FULL.replace("already", "by now")
    changed = Catalog(fuzzy=False)
    for message in sentences:
        changed.add(other if message.id == FULL else message.id, locations=message.locations)
    monkeypatch.setattr(catalogues, "messages", lambda: changed)
    _status, written = make_messages()
    assert '#, fuzzy, python-format\nmsgid "There are %(most)s people in the list by now."' in written
    assert spoken(tmp_path).gettext(other) == other


def test_a_catalogue_names_nobody_and_no_day_and_no_machine(make_messages, tmp_path):
    _status, written = make_messages(new="pl")
    compiled = (tmp_path / "pl" / "LC_MESSAGES" / "messages.mo").read_bytes().decode("latin-1")
    head = written.partition("#: ")[0] + compiled
    assert re.findall(r"@|\d{4}-\d\d-\d\d|\d\d:\d\d|[Tt]ranslator|/\w+/", head) == []
    assert {line.partition(" ")[2].split("/")[0] for line in written.splitlines() if line.startswith("#: ")} == {
        "bulletin",
        "templates",
    }


@pytest.mark.parametrize("code", ["xx", "polish", "../pl", "pl/../../x"])
def test_a_language_that_nobody_knows_is_refused(make_messages, tmp_path, capsys, code):
    assert make_messages(new=code)[0] == 1
    assert code in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_each_catalogue_here_is_compiled_as_it_is_written(sentences, tmp_path):
    for compiled in CATALOGUES.glob("*/LC_MESSAGES/messages.mo"):
        locale = compiled.parts[-3]
        shutil.copytree(CATALOGUES / locale, tmp_path / locale)
        assert catalogues.update(locale, sentences, tmp_path) == []
        assert (tmp_path / compiled.relative_to(CATALOGUES)).read_bytes() == compiled.read_bytes(), "make messages"
