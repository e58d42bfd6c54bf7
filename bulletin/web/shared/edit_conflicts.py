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


def mark(value: Any) -> str:
    """A short mark of what a form shows, to be sent along as `seen`: another when it is changed."""
    stored = shaped(type(value)).as_stored(value) if isinstance(value, Shape) else value
    return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:16]


def is_stale(value: Any) -> bool:
    """Was the form that is sent shown before this became as it is now?"""
    seen = request.form.get("seen")
    return bool(seen) and seen != mark(value)


def differences(mine: PlainForm, theirs: PlainForm) -> list[tuple[str, str]]:
    """Where two forms differ: the labels, and what theirs says there."""
    return [
        (str(field.label.text), told(theirs[field.name]))
        for field in mine
        if field.name in theirs and told(field) != told(theirs[field.name])
    ]


def told(field: Field) -> str:
    """What a field says, in words."""
    value = field.data
    if value in (None, "", []):
        return ""
    if hasattr(field, "iter_choices"):
        chosen = value if isinstance(value, list) else [value]
        return listed(choice.label for choice in field.iter_choices() if choice.value in chosen)
    return " ".join(str(field._value()).split()) if hasattr(field, "_value") else str(value)
