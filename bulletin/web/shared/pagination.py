"""A long list, a page at a time: `pages` in shared/pagination.html shows the ways to the others."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from flask import request


@dataclasses.dataclass(frozen=True)
class Page:
    """Some of a list. `number`: which page it is, from 1 to `last`."""

    items: Sequence[Any]
    number: int
    last: int

    @classmethod
    def of(cls, everything: Sequence[Any], size: int) -> Page:
        """The page that was asked for, or the nearest that there is."""
        last = max(1, -(-len(everything) // size))
        number = min(max(1, request.values.get("page", 1, type=int)), last)
        return cls(everything[(number - 1) * size : number * size], number, last)
