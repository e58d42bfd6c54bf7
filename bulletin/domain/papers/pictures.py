"""Pictures of a bulletin: prepared for the copier, told in words, and whether those in them agreed."""

from __future__ import annotations

import base64
import dataclasses
import uuid
from typing import Self

from sqlalchemy.orm import defer

from bulletin.db import db
from bulletin.domain.site.refusals import NotAllowed
from bulletin.press.parts import IMAGE, Part
from bulletin.vault import kinds
from bulletin.vault.sealed import Sealed, sealed, stored
from bulletin.vault.shapes import N_, Shape, flag, plain_text, shape

from .bulletins import Bulletin, OfBulletin
from .refusals import Why

PICTURES_MAX = 8  # in one bulletin
ROWS_MAX = 40  # those that were taken out, too
ALT_MAX = 300


@shape
class About(Shape):
    """What a picture is called in the manuscript, what it shows, and have those agreed who can be recognised in it?"""

    name: str = plain_text()
    alt: str = plain_text(N_("What can be seen"), most=ALT_MAX)
    agreed: bool = flag(N_("Those in it have agreed"))
    kind: str = plain_text()  # "png" or "jpeg"
    by: str = plain_text(N_("Put in by"))


class Picture(OfBulletin):
    """One picture."""

    __tablename__ = "picture"

    about: Sealed[About] = sealed(About)
    data: Sealed[str] = sealed(kinds.plain_text())

    @classmethod
    def add(
        cls, bulletin: Bulletin, data: bytes, *, alt: str, agreed: bool, by: str, form_id: uuid.UUID | None = None
    ) -> Self:
        """A prepared picture; the piece that shows it gets its id. Raises NotAllowed where there are enough."""
        known = cls.sent_before(bulletin, form_id)
        if known is not None:
            return known
        others = cls.all_of(bulletin)
        if len(others) >= ROWS_MAX:
            raise NotAllowed(Why.PICTURES_USED_UP)
        if sum(bulletin.place_of(one.id) is not None for one in others) >= PICTURES_MAX:
            raise NotAllowed(Why.PICTURES_FULL, most=PICTURES_MAX)
        picture_id = form_id or uuid.uuid4()
        picture = cls(
            site_id=bulletin.site_id,
            id=picture_id,
            bulletin_id=bulletin.id,
            about=About(
                name=f"picture-{picture_id.hex}",
                alt=alt,
                agreed=agreed,
                by=by,
                kind="png" if data.startswith(b"\x89PNG") else "jpeg",
            ),
            data=base64.b64encode(data).decode(),
        )
        db.session.add(picture)
        return picture

    def note_agreement(self, agreed: bool) -> None:
        """Those who can be recognised in it have agreed by now, or have not."""
        self.about = dataclasses.replace(self.about, agreed=agreed)

    @classmethod
    def all_of(cls, bulletin: Bulletin) -> list[Self]:
        """The pictures of a bulletin; their files stay where they are until one is asked for."""
        mine = cls.rows_of(bulletin)
        return list(db.session.scalars(mine.options(defer(stored(cls, "data")))))

    @classmethod
    def of(cls, bulletin: Bulletin, picture_id: uuid.UUID) -> Self | None:
        """One picture of a bulletin."""
        mine = cls.rows_of(bulletin).filter_by(id=picture_id)
        return db.session.scalars(mine).first()

    @property
    def name(self) -> str:
        """What it is called in the manuscript."""
        return self.about.name

    @property
    def alt(self) -> str:
        """What can be seen in it."""
        return self.about.alt

    @property
    def agreed(self) -> bool:
        """Did those who can be recognised in it agree?"""
        return self.about.agreed

    @property
    def kind(self) -> str:
        """Its format: "png" or "jpeg"."""
        return self.about.kind

    def part(self, caption: str, side: int) -> Part:
        """The piece that shows it: its name, what it shows, and what is printed below it."""
        return Part(IMAGE, self.name, f"{self.alt}\n\n{caption}".strip(), side)

    @property
    def content(self) -> bytes:
        """The prepared file."""
        return base64.b64decode(self.data)
