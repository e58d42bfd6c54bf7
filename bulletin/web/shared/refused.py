"""What is not done: taken back, and answered with the page it came from, which says why and has what was typed.

    with refusals(lambda why: _page(open_again(), form.complain(form.day, why), 422)):
        Action.propose(…)
    db.session.commit()

The page is made after the rollback: it opens anew what it shows.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TypeVar

from flask import abort
from werkzeug.wrappers import Response

from bulletin.db import db
from bulletin.domain.site.refusals import NotAllowed

from .sentences import say

E = TypeVar("E", bound=Exception)


@contextlib.contextmanager
def answered(error: type[E], page: Callable[[E], Response]) -> Iterator[None]:
    """Where this error is raised inside, take back what was done and end the request with this page."""
    try:
        yield
    except error as raised:
        db.session.rollback()
        abort(page(raised))


def refusals(page: Callable[[str], Response]) -> contextlib.AbstractContextManager[None]:
    """The same for what the rules do not allow: the page is given the sentence that says why."""
    return answered(NotAllowed, lambda reason: page(say(reason)))
