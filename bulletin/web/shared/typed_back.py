"""Words that are made here, shown once, and typed back from paper; until then nothing of them is on the server."""

from __future__ import annotations

import base64
import binascii

from flask_babel import gettext as _

from bulletin.vault import keys, words

from .forms import PlainForm
from .sentences import say


class TypedBackForm(PlainForm):
    """A form with `typed`, and `locked`: a new key that only the words open, to compare them with."""

    known: object = None  # what the server knows its sender by, where many wait; nothing for a stranger

    @property
    def locked_key(self) -> bytes:
        """The new key, as it came back; empty where it did not."""
        try:
            return base64.b64decode(self.locked.data or "", validate=True)
        except (binascii.Error, ValueError):
            return b""

    def begin(self, kind: str) -> str:
        """New words, for the one page that shows them."""
        phrase = words.new(kind)
        self.locked.data = base64.b64encode(keys.new_member(phrase, known=self.known)[1]).decode()
        return phrase

    def opened(self) -> keys.PrivateKey | None:
        """The new key, if these are the words that were shown; else None, and said why beside them.

        Takes its time: let go of the database first.
        """
        typed = self.typed.data or ""
        try:
            words.looks_like(typed, spelling=True)
            # The one cost: it has been in their browser.
            return keys.unlock(self.locked_key, typed, known=self.known, cost=keys.COST)
        except words.Mistyped as mistake:
            self.complain(self.typed, say(mistake))
        except keys.WrongWords:
            self.complain(self.typed, _("This is not what you were shown. Look at your paper, or make new ones."))
        except keys.DoesNotOpen:
            self.locked.data = ""
            self.complain(self.typed, _("Something was lost on the way. Make new ones."))
        return None
