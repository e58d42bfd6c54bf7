"""What tests of the notebook share: everything a site holds, opened; and two members who do something at once."""

from __future__ import annotations

import contextlib
import json
import threading
import time
import uuid
from collections.abc import Callable, Collection, Iterator

import sqlalchemy as sa
from flask import current_app

from bulletin.db import db, owned_records
from bulletin.vault import keys, tenancy
from bulletin.vault.sealed import sealed_columns, sealed_field

WAIT_S = 10  # at most, until the second has come to where the first is waited for
WAITING = sa.select(sa.func.count()).select_from(sa.table("pg_locks")).where(sa.column("granted").is_(False))


def held_at(site_id: uuid.UUID) -> Iterator[tuple[str, str]]:
    """Every value of every row of a site, sealed ones opened: where it is, and what."""
    db.session.flush()
    for record in owned_records():
        sealed = sealed_columns(record)
        plain = [column.key for column in sa.inspect(record).column_attrs if not column.key.startswith("_sealed_")]
        for row in db.session.scalars(sa.select(record).filter_by(site_id=site_id)):
            for name in plain:
                yield f"{record.__tablename__}.{name}", str(getattr(row, name))
            for name in sealed:
                yield (
                    f"{record.__tablename__}.{name}",
                    json.dumps(sealed_field(record, name).as_stored(getattr(row, name)), ensure_ascii=False),
                )


def traces(site_id: uuid.UUID, ids: Collection[uuid.UUID], words: Collection[str] = ()) -> list[str]:
    """Where a site still has something of somebody with one of these ids, or one of these words."""
    wanted = [*words, *(form for one in ids for form in (one.hex, str(one)))]
    return [place for place, value in held_at(site_id) if any(word in value for word in wanted)]


def at_once(
    site_id: uuid.UUID,
    first: Callable[[], object],
    second: Callable[[], object],
    then: Callable[[], object] = lambda: None,
) -> list[BaseException]:
    """Two members do something: the second begins while the first has not committed. What was raised.

    `then`: what the first goes on to do once the second waits for it.
    Where the database lets only one write (SQLite), the second begins when the first is done.
    """
    db.session.commit()
    app, ring = current_app._get_current_object(), keys.current.get()  # type: ignore[attr-defined]
    sent, done, raised = threading.Event(), threading.Event(), []

    @contextlib.contextmanager
    def member() -> Iterator[None]:
        with app.app_context(), keys.opened(ring):
            tenancy.bind(db.session, site_id)
            try:
                yield
                db.session.commit()
            except Exception as error:
                raised.append(error)
            finally:
                sent.set()
                db.session.remove()

    def one() -> None:
        with member():
            first()
            db.session.flush()
            if db.engine.dialect.name == "sqlite":
                then()
                return
            sent.set()
            end = time.monotonic() + WAIT_S
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
                while time.monotonic() < end and not done.is_set() and not looking.scalar(WAITING):
                    time.sleep(0.01)
            then()

    def other() -> None:
        sent.wait(20)
        with member():
            second()
        done.set()

    threads = [threading.Thread(target=one), threading.Thread(target=other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.expire_all()
    return raised
