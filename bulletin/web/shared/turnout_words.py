"""What is said of those who took part: to most actions people come, a petition they sign."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from markupsafe import Markup, escape

from bulletin.domain.actions.actions import FormOfAction


@dataclasses.dataclass(frozen=True)
class TurnoutWords:
    """The words of one form of action: for what stands on a button, in a heading, or beside a number.

    Where `count` is given, it is the number as the page shows it.
    """

    list_is_empty: Any
    who_comes: Any
    who_came: Any
    tick_who_came: Any
    list_of_who_came: Any
    is_here: Any
    came: Any
    column: Any
    said_yes: Any
    promised: Any
    stayed_away: Any
    others: Any
    how_many_others: Any
    count_others: Any
    count_came: Callable[..., str]
    count_will_come: Callable[..., str]
    count_would_come: Callable[..., str]
    in_no_list: Callable[[int], str]
    about_in_no_list: Callable[[int], str]
    came_of: Callable[..., str]
    came_of_some: Callable[..., str]
    came_of_unknown: Callable[[int], str]


HERE = "\0"  # where a number goes, until it is put there as the page shows it


def _put(sentence: str, count: Any) -> str:
    return (
        escape(sentence).replace(HERE, escape(count))
        if isinstance(count, Markup)
        else sentence.replace(HERE, str(count))
    )


def _counted(sentence: Callable[[int], str]) -> Callable[..., str]:
    """What is said of so many, with the number as the page shows it where that is given."""
    return lambda n, count=None: _put(sentence(n), n if count is None else count)


COMING = TurnoutWords(
    list_is_empty=_l("Nobody is on the list yet. Put down whom you ask, and tick who says yes."),
    who_comes=_l("Who comes?"),
    who_came=_l("Who came?"),
    tick_who_came=_l("Tick who came"),
    list_of_who_came=_l("Who came"),
    is_here=_l("Is here, or was"),
    came=_l("came"),
    column=_l("Came"),
    said_yes=_l("said they would come"),
    promised=_l("Said that they would come"),
    stayed_away=_l("said yes, did not come"),
    others=_l("Others who came, in no list"),
    how_many_others=_l("How many came who are in no list?"),
    count_others=_l("Count heads. From twenty on it is kept rounded down: 47 as 45."),
    count_came=_counted(lambda n: ngettext("%(count)s came", "%(count)s came", n, count=HERE)),
    count_will_come=_counted(
        lambda n: ngettext("%(count)s said they will come", "%(count)s said they will come", n, count=HERE)
    ),
    count_would_come=_counted(
        lambda n: ngettext("%(count)s said they would come", "%(count)s said they would come", n, count=HERE)
    ),
    in_no_list=lambda count: _("%(count)d of those who came are in no list.", count=count),
    about_in_no_list=lambda count: _(
        "About %(count)d of those who came are in no list; it is rounded down.", count=count
    ),
    came_of=lambda came, whole, share: _("%(came)d of %(whole)d came: %(share)s.", came=came, whole=whole, share=share),
    came_of_some=lambda came, whole, share, left: _(
        "%(came)d came. Where you know how many there are, %(share)s of %(whole)d; %(left)d came from where nobody has "
        "counted yet.",
        came=came,
        share=share,
        whole=whole,
        left=left,
    ),
    came_of_unknown=lambda came: _("%(came)d came. How many there are in all, nobody has put down yet.", came=came),
)
SIGNING = TurnoutWords(
    list_is_empty=_l("Nobody is on the list yet. Put down whom you ask for a signature, and tick who signs."),
    who_comes=_l("Who signs?"),
    who_came=_l("Who signed?"),
    tick_who_came=_l("Tick who signed"),
    list_of_who_came=_l("Who signed"),
    is_here=_l("Has signed"),
    came=_l("signed"),
    column=_l("Signed"),
    said_yes=_l("said they would sign"),
    promised=_l("Said that they would sign"),
    stayed_away=_l("said yes, did not sign"),
    others=_l("Others who signed, in no list"),
    how_many_others=_l("How many signed who are in no list?"),
    count_others=_l("Count signatures. From twenty on it is kept rounded down: 47 as 45."),
    count_came=_counted(lambda n: ngettext("%(count)s signed", "%(count)s signed", n, count=HERE)),
    count_will_come=_counted(
        lambda n: ngettext("%(count)s said they will sign", "%(count)s said they will sign", n, count=HERE)
    ),
    count_would_come=_counted(
        lambda n: ngettext("%(count)s said they would sign", "%(count)s said they would sign", n, count=HERE)
    ),
    in_no_list=lambda count: _("%(count)d of those who signed are in no list.", count=count),
    about_in_no_list=lambda count: _(
        "About %(count)d of those who signed are in no list; it is rounded down.", count=count
    ),
    came_of=lambda came, whole, share: _(
        "%(came)d of %(whole)d signed: %(share)s.", came=came, whole=whole, share=share
    ),
    came_of_some=lambda came, whole, share, left: _(
        "%(came)d signed. Where you know how many there are, %(share)s of %(whole)d; %(left)d signed from where nobody "
        "has counted yet.",
        came=came,
        share=share,
        whole=whole,
        left=left,
    ),
    came_of_unknown=lambda came: _("%(came)d signed. How many there are in all, nobody has put down yet.", came=came),
)
WORDS: Mapping[FormOfAction, TurnoutWords] = {FormOfAction.PETITION: SIGNING}


def turnout_words(form: str) -> TurnoutWords:
    """What is said of who took part in an action of this form."""
    return WORDS.get(FormOfAction(form), COMING)


def install(app: Flask) -> None:
    """Give templates `| turnout_words`."""
    app.jinja_env.filters.update(turnout_words=turnout_words)
