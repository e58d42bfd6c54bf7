"""Who reads what sites tell each other: whom a row is for, and what whoever asks is to the network."""

from __future__ import annotations

import enum
import uuid


class Audience(enum.StrEnum):
    """Whom a site tells something, if it is not one site alone: see only()."""

    SITES = "sites"  # every site that is in
    ANYONE = "anyone"
    DECIDERS = "deciders"  # whoever decides in a site that is in, for it answers there


def only(site_id: uuid.UUID) -> str:
    """The audience that is one site: whoever is bound to it. As PostgreSQL's policies know it, too."""
    return str(site_id)


class Reader(enum.StrEnum):
    """What a session's reader is to the network. PostgreSQL's policies know these words too: migrations.protection."""

    NOBODY = ""
    MEMBER = "member"  # of a site that is in
    DECIDER = "decider"  # a member who decides there, and is no newcomer
    ASKED = "asked"  # by the network, to do something for it

    @property
    def widest(self) -> Audience:
        """What is told to all sites, or no more than what is for anyone, which they read anyway."""
        return Audience.ANYONE if self is Reader.NOBODY else Audience.SITES

    @property
    def closest(self) -> Audience:
        """What they read besides, if they decide: what sites ask each other, and the answers."""
        return Audience.DECIDERS if self is Reader.DECIDER else self.widest
