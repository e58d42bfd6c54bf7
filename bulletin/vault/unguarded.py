"""The tables that no guard holds to a site: why each of them is asked for before anybody's site is known."""

from __future__ import annotations

UNGUARDED = frozenset(
    (
        # Who has one is in no site; what it stands for is a matter, which is under the guard.
        "asked_account",
        # Signs the cookies of strangers too.
        "browser_key",
        # It outlives its site; nothing is in it but ids.
        "departure",
        # A cookie is looked up before anybody knows whose it is; what it opens, only the cookie opens.
        "device",
        # Typed before there is a site.
        "founding_code",
        # Typed by somebody who is in no site yet; the key in it is wrapped by the code.
        "invitation",
        # Who signs in is in no site yet; one member may be in several.
        "member",
        # Says which sites a member is in, and so is asked first; the key in it is sealed to the member.
        "membership",
        # There is one, and its name is every site's.
        "network",
        # Asked for by strangers; the sheet in it is wrapped by the letters.
        "print_ticket",
        # Tries of strangers, by kind and day.
        "refused_try",
        # What the lists of members' sites are made of; in the clear because it says where, not who.
        "site",
        # Counts the tries of strangers.
        "throttle",
    )
)
