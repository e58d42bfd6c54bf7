"""Our own sources, read by several tests of the house: each is parsed once."""

from __future__ import annotations

import ast
import functools


@functools.cache
def parsed(source: str) -> ast.Module:
    """Its tree, which whoever reads it leaves as it is."""
    return ast.parse(source)
