"""What somebody saw when they opened a form: who saves meanwhile is not overwritten by mistake."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import request
from wtforms.fields import Field

from bulletin.vault.shapes import Shape, shaped

from .formats import listed
from .forms import PlainForm


def fingerprint(value: Any) -> str:
    """A short mark of what a form shows, to be sent along as `seen`: another when it is changed."""
    stored = shaped(type(value)).as_stored(value) if isinstance(value, Shape) else value
    return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:16]


def is_stale(value: Any, mine: PlainForm, theirs: PlainForm) -> bool:
    """Was the form that is sent shown before this became as it is now, and does it say something else?

    Where it says the same, it was sent twice: the first answer never arrived.
    """
    seen = request.form.get("seen")
    return bool(seen) and seen != fingerprint(value) and bool(differences(mine, theirs))


def version_of(form: Any) -> int:
    """The version that a form began from; 0, which is nobody's, where none was sent."""
    sent = form.version.data or ""
    return int(sent) if sent.isdecimal() and len(sent) < 9 else 0


def differences(mine: PlainForm, theirs: PlainForm | None) -> list[tuple[str, str]] | None:
    """Where two forms differ, for `conflict` in fields.html: the labels, and what theirs say; None without theirs."""
    if theirs is None:
        return None
    names = [name for name in mine.page_order if name in mine and name in theirs]
    return [
        (str(mine[name].label.text), describe(theirs[name]))
        for name in names
        if describe(mine[name]) != describe(theirs[name])
    ]


def describe(field: Field) -> str:
    """What a field says, in words."""
    value = field.data
    if value in (None, "", []):
        return ""
    if hasattr(field, "iter_choices"):
        chosen = value if isinstance(value, list) else [value]
        return listed(choice.label for choice in field.iter_choices() if choice.value in chosen)
    return " ".join(str(field._value()).split()) if hasattr(field, "_value") else str(value)
