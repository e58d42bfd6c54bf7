"""Making a backup: what is in it, what is not, and that nothing readable is left anywhere."""

from __future__ import annotations

import pathlib
import threading
import tracemalloc
import zlib

import pytest

from bulletin.backup import Refused, Why, archive, envelope, making, rows
from bulletin.db import Record, StorageFull, db
from bulletin.domain.site.accounts.members import Member
from tests.homes import ON_BOTH
from tests.refusals import refused

from .conftest import Person


def opened(path: pathlib.Path, key: pathlib.Path) -> tuple[archive.Header, list[rows.Row]]:
    found: list[rows.Row] = []

    class Reader(archive.Reader):
        def row(self, table, values):
            found.append((table, values))

    return Reader().read(path, envelope.key_file(key)), found


def test_without_a_key_there_is_no_backup(depot, house, tmp_path):
    with refused(Refused, Why.NO_RECIPIENT):
        making.make(house, tmp_path / "copy.age")
    assert not (tmp_path / "copy.age").exists()


def test_before_anything_is_founded_there_is_nothing_to_back_up(house, key, tmp_path):
    with refused(Refused, Why.NOTHING_YET):
        making.make(house, tmp_path / "copy.age")


def test_every_table_is_in_it_or_left_out_on_purpose(house):
    names = {table.name for table in rows.tables()}
    assert names | rows.LEFT_OUT == set(Record.metadata.tables)
    for table in rows.tables():
        assert rows.kinds(table).keys() == {column.name for column in table.columns}
        assert not {key.column.table.name for key in table.foreign_keys} & rows.LEFT_OUT


def test_handles_and_names_are_nowhere_in_the_file_or_beside_it(depot, rosa, house, key, tmp_path):
    db.session.remove()
    copy = tmp_path / "elsewhere" / "copy.age"
    copy.parent.mkdir()
    making.make(house, copy)
    assert b"Rosa" not in copy.read_bytes()
    assert [path.name for path in copy.parent.iterdir()] == ["copy.age"]
    _, found = opened(copy, key)
    assert ("member", "Rosa") in {(table, values.get("handle")) for table, values in found}


def test_a_failure_leaves_the_last_backup_and_no_draft(depot, house, key, tmp_path, monkeypatch):
    db.session.remove()
    copy = tmp_path / "elsewhere" / "copy.age"
    copy.parent.mkdir()
    copy.write_bytes(b"yesterday's")
    real = rows.read

    def breaks(connection):
        yield from real(connection)
        raise StorageFull("The disk is full.")

    monkeypatch.setattr(rows, "read", breaks)
    with pytest.raises(StorageFull):
        making.make(house, copy)
    assert copy.read_bytes() == b"yesterday's"
    assert [path.name for path in copy.parent.iterdir()] == ["copy.age"]
    assert making.last_made(pathlib.Path(house.instance_path)) is None


@ON_BOTH
def test_it_shows_one_moment_while_others_write(depot, house, key, tmp_path, monkeypatch):
    """Two members are added in one transaction after the first row was read: neither is in it, and nobody waited."""
    db.session.remove()
    real = rows.read

    def slow(connection):
        all_rows = real(connection)
        yield next(all_rows)

        def add():
            with house.app_context():
                Person("Dora")
                Person("Emil")
                db.session.commit()

        writer = threading.Thread(target=add)
        writer.start()
        writer.join(10)
        assert not writer.is_alive()
        yield from all_rows

    monkeypatch.setattr(rows, "read", slow)
    making.make(house, tmp_path / "copy.age")
    _, found = opened(tmp_path / "copy.age", key)
    assert [values["handle"] for table, values in found if table == "member"] == ["Rosa"]
    assert Member.named("Dora") is not None


def test_two_keys_both_open_it(depot, house, key, tmp_path):
    db.session.remove()
    instance = pathlib.Path(house.instance_path)
    first = (instance / envelope.RECIPIENT).read_text()
    second = tmp_path / "second.txt"
    second.write_text(envelope.new_key(instance))
    key.write_text(key.read_text() + second.read_text().splitlines()[1])  # who makes them from now on
    (instance / envelope.RECIPIENT).write_text(first + (instance / envelope.RECIPIENT).read_text())
    making.make(house, tmp_path / "copy.age")
    for each in (key, second):
        assert opened(tmp_path / "copy.age", each)[1]


def test_the_key_is_nowhere_in_the_house(house, key):
    secret = next(line for line in key.read_text().splitlines() if line.startswith(envelope.KEY))
    for path in pathlib.Path(house.instance_path).iterdir():
        assert secret.encode() not in path.read_bytes()
        if path.name in (envelope.RECIPIENT, envelope.SIGNING):
            assert path.stat().st_mode & 0o777 == 0o600


def test_the_day_of_the_last_one_is_remembered(depot, house, key, tmp_path):
    db.session.remove()
    making.make(house, tmp_path / "copy.age")
    assert making.last_made(pathlib.Path(house.instance_path)) is not None


def test_a_file_that_is_written_over_once_its_signature_was_looked_at_is_refused(tmp_path, key, monkeypatch):
    instance, file = tmp_path / "instance", tmp_path / "copy.age"
    to, signed_by, message = envelope.recipients(instance), envelope.signing_key(instance), envelope._message
    envelope.seal(file, to, iter([b"theirs"]))
    theirs = file.read_bytes()
    envelope.seal(file, to, iter([b"ours", b"x" * 100_000]), signed_by)
    assert envelope.unseal(file, envelope.key_file(key), lambda _piece: None)

    def then_written_over(opened):
        said = message(opened)
        with file.open("r+b") as other:
            other.seek(len(envelope.SIGNED) + envelope.keys.SIGNATURE_BYTES)
            other.write(theirs)
            other.truncate()
        return said

    monkeypatch.setattr(envelope, "_message", then_written_over)
    with pytest.raises(Refused) as refusal:
        envelope.unseal(file, envelope.key_file(key), lambda _piece: None)
    assert refusal.value.code is Why.OTHER_MAKER


def test_a_backup_that_is_no_backup_is_refused(tmp_path, key):
    instance = tmp_path / "instance"
    to, signed_by = envelope.recipients(instance), envelope.signing_key(instance)
    for content in (b"", b"not compressed", b"\x78\x9c"):
        envelope.seal(tmp_path / "bad.age", to, iter([content]), signed_by)
        with pytest.raises(Refused) as refusal:
            opened(tmp_path / "bad.age", key)
        assert refusal.value.code is (Why.NOT_OURS if content == b"not compressed" else Why.NOT_WHOLE)


def pressed(*pieces: bytes, times: int) -> bytes:
    """What is small, and unpacks to `times` times a MB of each piece."""
    press = zlib.compressobj()
    meal = [piece * ((1 << 20) // len(piece)) for piece in pieces]
    return b"".join(press.compress(bite) for bite in meal for _ in range(times)) + press.flush()


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(lambda: pressed(b" ", times=300), id="one line of 300 MB"),
        pytest.param(lambda: pressed(b"[", b"]", b"\n", times=1), id="a list in a list in a list"),
        pytest.param(lambda: zlib.compress(b"[" + b"[]," * (8 << 20) + b"0]\n"), id="a line of eight million lists"),
        pytest.param(lambda: zlib.compress(b"") + b"\0" * (1 << 20), id="more after the end"),
    ],
)
def test_a_small_file_that_unpacks_to_a_large_one_is_refused_before_it_is_large(tmp_path, bomb):
    content, key = bomb(), tmp_path / "key.txt"
    key.write_text(envelope.new_key(tmp_path))
    assert len(content) < 2 << 20
    signed_by = envelope.signing_key(tmp_path)
    envelope.seal(tmp_path / "bad.age", envelope.recipients(tmp_path), iter([content]), signed_by)
    tracemalloc.start()
    try:
        with refused(Refused, Why.NOT_OURS, file=str(tmp_path / "bad.age")):
            opened(tmp_path / "bad.age", key)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 5 * archive.LINE_BYTES


def test_a_row_too_large_to_be_read_again_is_not_written(depot, house, key, tmp_path, monkeypatch):
    db.session.remove()
    monkeypatch.setattr(archive, "LINE_BYTES", 300)
    with pytest.raises(Refused) as refusal:
        making.make(house, tmp_path / "copy.age")
    assert refusal.value.code is Why.LARGE_ROW
    assert refusal.value.values["table"] in ("member", "membership", "event")
    assert not (tmp_path / "copy.age").exists()


def test_lines_longer_than_what_is_unpacked_at_a_time(depot, house, key, tmp_path, monkeypatch):
    db.session.remove()
    making.make(house, tmp_path / "copy.age")
    header, found = opened(tmp_path / "copy.age", key)
    monkeypatch.setattr(archive, "STEP_BYTES", 7)
    assert opened(tmp_path / "copy.age", key) == (header, found)
