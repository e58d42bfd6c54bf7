"""What a good editor says before a bulletin is printed: advice beside what it concerns, never a gate.

It reads words and understands nothing: it misses much, and what it asks may have a good answer.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import phonenumbers

from ..press.parts import Part
from .imprints import imprint_card

SENTENCE_MAX, PARAGRAPH_MAX, HEADLINE_MAX = 30, 60, 7  # words
ADDRESS_MAX = 25  # characters of a QR code that outlives three photocopies
SHOWN_MAX = 60  # characters of the words that an advice quotes


class Rule(enum.StrEnum):
    """What an advice is about, in the order in which they are given."""

    PATIENTS = "patients"
    ACCUSATION = "accusation"
    CALLING_OUT = "calling_out"
    NO_REPLY = "no_reply"
    PRIVATE_NUMBER = "private_number"
    HOME_ADDRESS = "home_address"
    PICTURE = "picture"
    IMPRINT = "imprint"
    IMPRINT_ADDRESS = "imprint_address"
    LONG_HEADLINE = "long_headline"
    LONG_SENTENCE = "long_sentence"
    LONG_PARAGRAPH = "long_paragraph"
    LONG_QR_ADDRESS = "long_qr_address"


@dataclasses.dataclass(frozen=True)
class Advice:
    """One advice. `about`: the index of the part, None for the header; `words`: as typed, "" where there are none."""

    about: int | None
    rule: Rule
    words: str = ""


@dataclasses.dataclass(frozen=True)
class Wording:
    """What the rules look for in one language: words in lower case, or patterns; `_` in a pattern is white space."""

    short: str  # a full stop behind them ends no sentence
    short_before_numbers: str  # … nor behind these, where a number follows
    served: str  # patients and whoever else is cared for, carried or sold to
    one_of_them: str  # one person, who may know herself
    recognised_by: str  # what makes one of many known
    titles: str  # held by one person
    honorifics: str  # a name follows
    deeds: str  # what somebody is said to have done
    charges: str  # what somebody is said to be, or a noun for what they did
    done_by: str  # passive: … by the manager
    passive: str
    not_so: str
    no_names: str  # words that begin with a capital and are nobody's name
    no_name_ends: str  # … and how others end: Drivers, Nurses
    places: str  # a capital behind them is a place's
    outs: str  # one of these is in every sentence that calls people out
    call: str  # the beginning of a sentence, or of a part of it
    called: str  # anywhere in it


_ENGLISH = Wording(
    short="mr mrs ms mx dr prof st rev sgt eg ie vs approx dept",
    short_before_numbers="no nos p pp art sec cl para tel ext",
    served="patient patients pupil pupils passenger passengers customer customers client clients resident residents"
    " user users",
    one_of_them=r"\b(?:an?|one|my|our|this|that|another|same)_(?:(?!(?:an?|any|each|every|for|from|in|no|of|on|per|the"
    r"|to|with)\b)[\w-]+_)?{served}\b(?!['’_-]*(?:care|list|man|notes|record|records|safety|service|services|woman)\b)",
    recognised_by=r"\b(?:ward|room|bed|bay|flat|house|class|year|block|floor|coach|seat|bus|train|table)_\d"
    r"|\b(?:\w+(?:st|nd|rd|th)_floor|aged_\d|\d+[-_]years?[-_]old|(?:her|his)_(?:son|daughter|wife|husband|mother))\b"
    r"|\b(?:Mr|Mrs|Ms|Miss|Dr)\.?_[A-Z]",
    titles="manager manageress supervisor foreman forewoman boss director owner landlord landlady superintendent ceo"
    " chef matron headteacher principal inspector officer leader overseer gaffer chief",
    honorifics="mr mrs ms miss mx dr prof sir",
    deeds="lied lies lying stole stolen steals harassed harasses bullied bullies touched groped hit hits slapped"
    " punched kicked shoved assaulted attacked abused threatened cheated cheats robbed falsified forged fiddled"
    " embezzled pocketed bribed spied sacked discriminated victimised victimized blackmailed raped molested",
    charges="liar thief bully racist sexist homophobic drunk fraud fraudster crook criminal corrupt pervert rapist"
    " predator harassment bullying theft assault racism sexism bribery blackmail negligent",
    done_by="by against from about of",
    passive="was were been being be got is are get gets",
    not_so="not never no nobody isn't wasn't hasn't didn't isn’t wasn’t hasn’t didn’t",
    no_names="monday tuesday wednesday thursday friday saturday sunday january february march april may june july"
    " august september october november december nights days lates earlies they he she it we you i the a an this that"
    " these those who what when where why how nobody somebody everybody everyone someone anybody all some many most"
    " both few others management staff people agency upstairs yesterday today tonight then and but so if because"
    " never once twice one two three four five six seven eight nine ten their our his her its my your there here in"
    " on at no not or as for by with from to is are was were",
    no_name_ends="ers ors sses rses ists nts men women ople ies",
    places="in at from near to off outside",
    outs="strike striking walk walkout down stop stops stoppage refuse out picket clock go occupy sit-in sick",
    call=r"(?:strike(?=_(?:on|at|from|with|together|until|now|again)\b|[.!]|$)|walk_(?:out|off)|down_(?:your_)?tools"
    r"|stop_(?:all_)?work|come_out_(?:on|with|together)|refuse_(?:to_work|overtime|all|any)|call_in_sick"
    r"|(?:do_not|don['’]t)_(?:cross_(?:the|a|any|our)_picket|clock_(?:in|on)|go_(?:in|to_work))"
    r"|stay_(?:at_)?(?:home|out)_(?:on|from|until|with_us)|(?:join|support)_(?:the|our|this)_(?:strike|walk-?out|picket)"
    r"|all_out|occupy|(?:strike|walk-?out|stoppage|sit-in|picket)_(?:on|from|this|next|tomorrow|starts|begins|until))\b",
    called=r"\bwe(?:['’]ll|['’]re)?_(?:(?:all|will|shall|are|going|to|now|again)_)*(?:strike|striking|(?:on|out_on)_strike"
    r"|go(?:ing)?_on_strike|walk(?:ing)?_(?:out|off)|down_tools|stop_(?:work|again|together|the_line|(?:on|from)_\w+day)"
    r"|come_out_(?:on|with|together|again)|refuse_(?:to_(?:work|load|unload|handle|drive|pack|clock)|overtime|all|any)"
    r"|occupy)\b|\b(?:everybody|everyone|all_of_(?:us|you)|every_shift)_(?:out\b|strikes\b|stops_work|walks_out"
    r"|comes_out)|\ball_out_(?:on|from|at)\b|\b(?:call|urge)_(?:on_)?(?:you|everyone|everybody|all|every)\b.{0,60}?"
    r"\b(?:strike|walk_out|stop_work|down_tools|come_out|stay_out)\b",
)
_SPANISH = Wording(
    short="sr sra srta dr dra d dña ud uds vd prof ej avda aprox",
    short_before_numbers="no núm núms n pág págs p art arts tel tfno",
    served="paciente pacientes alumno alumna alumnos alumnas pasajero pasajera pasajeros pasajeras viajero viajera"
    " viajeros viajeras cliente clienta clientes clientas residente residentes usuario usuaria usuarios usuarias",
    one_of_them=r"\b(?:una?|mi|nuestr[oa]|est[ea]|es[ea]|aquel|aquella|otr[oa]|mism[oa])_(?:(?!(?:a|al|con|de|del|en|por"
    r"|cada)\b)\w+_)?{served}\b",
    recognised_by=r"\b(?:sala|habitación|cama|planta|aula|clase|piso|línea|autobús|tren|mesa|box)_\d|\bde_\d+_años\b"
    r"|\bsu_(?:hij[oa]|mujer|marido|madre)\b|\b(?:don|doña|Sr\.|Sra\.)_[A-ZÁÉÍÓÚÑ]",
    titles="encargado encargada jefe jefa capataz gerente director directora supervisor supervisora patrón patrona"
    " coordinador coordinadora dueño dueña casero casera inspector inspectora mando",
    honorifics="sr sra srta don doña señor señora dr dra",
    deeds="mintió miente mintiendo mentido robó roba robado robando acosó acosa acosado acosando insultó insulta pegó"
    " pega golpeó tocó manoseó empujó amenazó amenaza agredió abusó estafó falsificó chantajeó sobornó discriminó"
    " despidió espió violó maltrató maltrata",
    charges="mentiroso mentirosa ladrón ladrona racista machista homófobo homófoba borracho borracha fraude estafador"
    " estafadora corrupto corrupta acosador acosadora acoso robo soborno estafa abusos agresión maltrato delincuente",
    done_by="por contra de del",
    passive="fue fueron sido ser era es son",
    not_so="no nunca nadie jamás tampoco ni",
    no_names="el la los las un una unos unas lo le les nos me te se yo tú él ella ellos ellas nosotros nosotras quien"
    " quién que qué cuando cuándo donde dónde como cómo nadie alguien todos todas toda todo algunos muchas muchos"
    " este esta esto ese esa eso aquí allí ayer hoy mañana lunes martes miércoles jueves viernes sábado domingo y pero"
    " si porque no en a al de del por para con sin dos tres cuatro cinco seis siete ocho nueve diez su sus mi tu"
    " nuestro nuestra siempre nunca ya dirección empresa gente personal noches",
    no_name_ends="dores doras ados adas eros eras ntes ores",
    places="en a desde hasta de",
    outs="huelga huelgas paro paramos parar parad pararemos trabajar salid salimos secunda secundad secundemos fiches"
    " fichéis plante encierro piquete planta plantémonos",
    call=r"(?:a_la_huelga|haced_huelga|hagamos_huelga|vamos_(?:a_la_huelga|todos_a)|parad\b|paremos|secund(?:a|ad|emos)_(?:la"
    r"|el)|no_(?:fiches|fichéis|vayas_a_trabajar|vayáis_a_trabajar|entres_a_trabajar)|únete_a_la_huelga"
    r"|(?:huelga|paro|plante|encierro)_(?:general_)?(?:el|este|esta|desde|a_partir|mañana|indefinid[oa]|de_\d+_horas))\b",
    called=r"\b(?:vamos|iremos|salimos|saldremos|todos|todas|estamos|convocamos|llamamos)_(?:\w+_){0,4}?(?:huelga|paro)\b"
    r"|\b(?:paramos|pararemos|vamos_a_parar)_(?:otra_vez|juntos|juntas|todos|todas|el_(?:lunes|martes|miércoles|jueves"
    r"|viernes|sábado|domingo|\d)|a_las|desde|la_línea)|\bnos_negamos_a_(?:trabajar|cargar|descargar|hacer)\b",
)
_WORDINGS = {"en": _ENGLISH, "es": _SPANISH}

# Addresses follow the country they are in, not the language of the sheet: these are looked for in every text.
_STREET = re.compile(
    r"\b\d{1,4}[a-zA-Z]?,? (?:[A-Z][\w'’.-]{0,25} ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Close|Crescent"
    r"|Court|Terrace|Place|Gardens|Grove|Way|Walk|Row|Hill|Square|Mews|Boulevard|Blvd)\b"
    r"|\b(?:(?:[Cc]alle|[Aa]venida|[Aa]vda\.|[Pp]laza|[Pp]aseo|[Cc]amino|[Rr]onda|[Tt]ravesía)|[Cc]/) ?(?:[\w.ªº]{1,25} ){0,5}"
    r"?[\w.ªº]{1,25},? (?:n\.?º ?|núm\. ?)?\d{1,4}\b"
)
_POSTCODES = {
    "GB": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"),
    "US": re.compile(r"\b[A-Z]{2} \d{5}(?:-\d{4})?\b"),
}
_NOBODYS_HOME = re.compile(
    r"\b(?:hall|library|pub|caf[eé]|bar|church|chapel|mosque|school|college|cent(?:re|er)|club|union|office|offices|hotel"
    r"|print|printers|printing|press|ltd|inc|po box|shop|imprenta|local|sindicato|biblioteca|centro|parroquia|colegio|ateneo"
    r"|sede|s\.l\.|apartado|asociación|association)\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\+?\(?\d(?:[\s()./-]{0,3}\d){6,}")  # what may be a telephone number
_PRIVATE = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
}

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_MARKUP = re.compile(r"[*|#]|^[ \t]*(?:>[ \t>]*)|(?<!\w)_+|_+(?!\w)", re.MULTILINE)
_NEW_BLOCK = re.compile(r"\s*(?:[-+*]|\d{1,3}[.)])\s|\s*[|#]")
_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+(?=([\"'“‘«»„(\[¿¡—–-]*)(\w?))")


def advise(
    head: Mapping[str, str],
    parts: Sequence[Part],
    *,
    language: str,
    country: str,
    official: bool = False,
    agreed_pictures: Collection[int] = (),
) -> list[Advice]:
    """All there is to say, part by part: each rule at most once a part, with the first words that it is about.

    `language` is a BCP 47 tag, `country` an ISO 3166 code; both may be anything. `official`: a strike that the law
    knows of; `agreed_pictures`: indices of the parts whose pictures everybody in them has agreed to.
    """
    editor = _editor(language.split("-")[0].lower())
    country = country.strip().upper()
    given = [*_about_header(head, parts, country)]
    shown = "\n\n".join(head.get(key, "") for key in ("masthead", "headline", "strapline"))
    for about, typed in ((None, shown), *((i, f"{part.title}\n\n{part.text}") for i, part in enumerate(parts))):
        text = _Text(typed, editor)
        for rule, look in _LOOKS.items():
            if rule is Rule.CALLING_OUT and official:
                continue
            words = look(text, country)
            if words:
                given.append(Advice(about, rule, _short(words)))
        if about is not None and parts[about].name == "image" and about not in agreed_pictures:
            given.append(Advice(about, Rule.PICTURE))
    order = list(Rule)
    return sorted(given, key=lambda advice: (-1 if advice.about is None else advice.about, order.index(advice.rule)))


def _about_header(head: Mapping[str, str], parts: Sequence[Part], country: str) -> Iterator[Advice]:
    reply, headline, imprint = (head.get(key, "").strip() for key in ("reply", "headline", "imprint"))
    if not reply and not any(part.name == "box" and not part.empty for part in parts):
        yield Advice(None, Rule.NO_REPLY)
    if len(reply) > ADDRESS_MAX:
        yield Advice(None, Rule.LONG_QR_ADDRESS, _short(reply))
    if len(_WORD.findall(headline)) > HEADLINE_MAX:
        yield Advice(None, Rule.LONG_HEADLINE, _short(headline))
    card = imprint_card(country)
    if not imprint and (card is None or card.asked):
        yield Advice(None, Rule.IMPRINT)
    # An address may have to stand here: this has a rule of its own, which does not say to leave it out.
    if home := _home(imprint, country):
        yield Advice(None, Rule.IMPRINT_ADDRESS, _short(home))
    if number := _number(imprint, country):
        yield Advice(None, Rule.PRIVATE_NUMBER, number)


class _Editor:
    """The wording of one language, made ready to look with."""

    def __init__(self, wording: Wording) -> None:
        def words(name: str) -> frozenset[str]:
            return frozenset(getattr(wording, name).split())

        self.short, self.short_before_numbers = words("short"), words("short_before_numbers")
        self.served, self.outs, self.titles, self.honorifics = map(words, ("served", "outs", "titles", "honorifics"))
        self.deeds, self.charges, self.done_by = map(words, ("deeds", "charges", "done_by"))
        self.passive, self.not_so, self.no_names, self.places = map(words, ("passive", "not_so", "no_names", "places"))
        self.no_name_ends = tuple(wording.no_name_ends.split())
        served = "|".join(sorted(self.served, key=len, reverse=True))

        def pattern(source: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
            return re.compile(source.replace("_", r"\s+").replace("{served}", f"(?:{served})"), flags)

        self.one_of_them = pattern(wording.one_of_them)
        self.recognised_by = pattern(wording.recognised_by.replace("_", r"\s+"), re.RegexFlag(0))
        self.call = pattern(rf"(?:^|[:;,–—¡]\s*|\b(?:so|please|and|then|y|let['’]s)\s+)[\"'“‘«¡]*(?P<call>{wording.call})")
        self.called = pattern(wording.called)


@functools.cache
def _editor_of(language: str) -> _Editor:
    return _Editor(_WORDINGS[language])


def _editor(language: str) -> _Editor:
    return _editor_of(language if language in _WORDINGS else "en")
