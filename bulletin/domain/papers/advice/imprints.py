"""Who printed this: what the law of a country asks a sheet to say about that, as far as we have read it."""

from __future__ import annotations

import dataclasses
import datetime

_READ_ON = datetime.date(2026, 11, 22)


@dataclasses.dataclass(frozen=True)
class ImprintCard:
    """The rule of a country in one plain sentence, and where it stands. `asked`: must a sheet say who printed it?"""

    rule: str
    source: str
    asked: bool = True
    checked: datetime.date = _READ_ON


# A country stands here only if somebody has read its rule; a rule made up is worse than none.
_CARDS = {
    "AT": ImprintCard(
        "Every printed sheet names its publisher and its printer, and the places where it was published and printed;"
        " one that appears at least four times a year adds the addresses of the publisher and the editors.",
        "Mediengesetz, § 24 (1) and (2)",
    ),
    "CH": ImprintCard(
        "Newspapers and periodicals name the seat of their publisher and the editor responsible; of single leaflets"
        " this section says nothing.",
        "Schweizerisches Strafgesetzbuch, Art. 322 (2)",
    ),
    "DE": ImprintCard(
        "Every printed sheet gives the name and address of its printer and of its publisher or, if you publish it"
        " yourselves, of its author or editor; a periodical adds those of the editor responsible. Each Land has its"
        " own law: look at yours.",
        "The press laws of the Länder, such as Landespressegesetz Nordrhein-Westfalen, § 8; Berliner Pressegesetz, § 7",
    ),
    "ES": ImprintCard(
        "Every printed sheet gives the place and year of printing and the name and address of its printer; a"
        " periodical also the day and month, its director, and the name and address of its publisher.",
        "Ley 14/1966, de Prensa e Imprenta, artículo 11",
    ),
    "FR": ImprintCard(
        "Every sheet given out in public gives the name and address of its printer; without them it may not be"
        " handed out.",
        "Loi du 29 juillet 1881 sur la liberté de la presse, article 3",
    ),
    "GB": ImprintCard(
        "Every sheet meant to be given out gives the name and address of its printer; at elections also those of"
        " whoever promotes it. Northern Ireland has an Act of its own.",
        "Newspapers, Printers, and Reading Rooms Repeal Act 1869, Schedule 2, with the Printer’s Imprint Act 1961;"
        " Printed Documents Act (Northern Ireland) 1970, section 1; Electoral Commission, guidance on imprints",
    ),
    "IT": ImprintCard(
        "Every printed sheet gives the place and year of publication, and the name and address of its printer and,"
        " if there is one, its publisher; a periodical also its owner and the director responsible.",
        "Legge 8 febbraio 1948, n. 47, articolo 2",
    ),
    "PL": ImprintCard(
        "A periodical gives the name and address of its publisher, the address of its editors and the name of the"
        " editor-in-chief, the place and date of issue, its number, and the name of the printing house; of single"
        " leaflets this article says nothing.",
        "Prawo prasowe, art. 27",
    ),
    "US": ImprintCard(
        "A leaflet may be anonymous, even one about a vote on a local tax; what is paid for in election campaigns"
        " can have rules of its own.",
        "McIntyre v. Ohio Elections Commission, 514 U.S. 334 (1995); Talley v. California, 362 U.S. 60 (1960)",
        asked=False,
    ),
}


def imprint_card(country: str) -> ImprintCard | None:
    """The card of a country by its two letters (ISO 3166); None: we do not know the rule there."""
    return _CARDS.get(country.strip().upper())
