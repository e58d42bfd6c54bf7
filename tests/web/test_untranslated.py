"""Words and codes that open things go to no service that translates pages, whatever the browser offers."""

from __future__ import annotations

from tests.homes import ON_SQLITE
from tests.web.house import SITE, House, house, read  # noqa: F401
from tests.web.test_sent_twice import last_step
from tests.web.untranslated import Untranslated


def words_of(page) -> set[str]:
    return {word for text in Untranslated(page.text).handed_out for word in text.split()}


@ON_SQLITE
def test_neither_words_nor_handles_nor_codes_are_handed_out(house: House):  # noqa: F811
    rosa = house.person()
    about = {"handle": "Rosa", "secret": "words", "place": "own", "step": "about", "code": house.code}
    page = rosa.sends("/foundings", **about, network="Northfield", **SITE)
    phrase = read(page).phrase
    assert len(phrase) == 6
    assert "Rosa" not in words_of(page)
    assert len({*phrase} & words_of(page)) < 3, "one or two may be words of the page: they are common ones"
    assert "paper," in words_of(page), "the rest is"

    rosa.sends("/foundings", **last_step(rosa, "/foundings", "Rosa", code=house.code, network="Northfield", **SITE))
    rosa.site = rosa.opens("/sites/mine").location
    page = rosa.sends(f"{rosa.site}/invitations")
    code = read(page).by_id["code"]
    assert code
    assert not [word for word in words_of(page) if code in word or "#" in word]
