"""The tables that no guard holds to a site: why each of them is asked for before anybody's site is known."""

from __future__ import annotations

UNGUARDED = {
    "browser_key": "signs the cookies of strangers too",
    "device": "a cookie is looked up before anybody knows whose it is; what it opens, only the cookie opens",
    "founding_code": "typed before there is a site",
    "invitation": "typed by somebody who is in no site yet; the key in it is wrapped by the code",
    "member": "who signs in is in no site yet; one member may be in several",
    "membership": "says which sites a member is in, and so is asked first; the key in it is sealed to the member",
    "network": "there is one, and its name is every site's",
    "print_ticket": "asked for by strangers; the sheet in it is wrapped by the letters",
    "site": "what the lists of members' sites are made of; in the clear because it says where, not who",
    "throttle": "counts the tries of strangers",
}
