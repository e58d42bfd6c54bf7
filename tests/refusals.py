"""What is not allowed, by its code and what its sentence names; the sentences themselves are seen on the pages."""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Iterator

import pytest

from bulletin.domain.site.refusals import NotAllowed


@contextlib.contextmanager
def not_allowed(code: enum.Enum, **values: object) -> Iterator[None]:
    """What is done inside is refused for this reason, and for no other."""
    with pytest.raises(NotAllowed) as refused:
        yield
    assert (refused.value.code, dict(refused.value.values)) == (code, values)
