"""The words that advice looks for, in each language it reads."""

from __future__ import annotations

import dataclasses
import re

Words = frozenset[str]  # in lower case


@dataclasses.dataclass(frozen=True)
class Wording:
    """One language. Patterns are tried on one sentence at a time."""

    short: Words  # a full stop behind them ends no sentence
    short_before_numbers: Words  # … nor behind these, where a number follows
    served: Words  # patients, and whoever else is cared for, taught, carried or sold to
    one_of_them: re.Pattern[str]  # one of them alone
    recognised_by: re.Pattern[str]  # what makes one of many known
    titles: Words  # held by one person
    honorifics: Words  # a name follows
    deeds: Words  # what somebody is said to have done
    charges: Words  # what somebody is said to be, and the nouns for what was done
    auxiliaries: Words  # behind a name that begins a sentence
    done_by: Words  # who did it follows
    passive: Words  # who suffered it came before
    reporting: Words  # what follows was done by another
    not_so: Words
    no_names: Words  # nobody's name, though a capital begins them
    no_name_ends: tuple[str, ...]  # the ends of others: Drivers, Nurses
    places: Words  # the name behind them is a place's
    outs: Words  # every sentence that calls people out has one of these
    call: re.Pattern[str]  # such a sentence, or a part of it, begins so
    called: re.Pattern[str]  # such a sentence has this in it


def _words(text: str) -> Words:
    return frozenset(text.split())


def _pattern(source: str) -> re.Pattern[str]:
    """A pattern in either case, in which a space is any white space; `(?-i:…)` heeds capitals."""
    return re.compile(source.replace(" ", r"\s+"), re.IGNORECASE)


_DAY_EN = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_DAY_ES = r"(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)"

ENGLISH = Wording(
    short=_words("mr mrs ms mx dr prof st rev sgt eg ie vs approx dept"),
    short_before_numbers=_words("no nos p pp art sec cl para tel ext"),
    served=_words(
        "patient patients pupil pupils passenger passengers customer customers client clients resident residents"
        " user users"
    ),
    one_of_them=_pattern(
        r"\b(?:an?|one|my|our|this|that|another|same)"
        r"(?: (?!(?:an?|any|each|every|for|from|in|no|of|on|or|per|the|to|with)\b)[\w-]+)?"
        r" (?:patient|pupil|passenger|customer|client|resident|service user)\b"
        r"(?! (?:care|desk|hoist|list|man|notes|people|records?|safety|services?|transport|woman)\b)"
    ),
    recognised_by=_pattern(
        r"\b(?:ward|room|bed|bay|flat|house|class|year|block|floor|coach|seat|bus|train|table) \d"
        r"|\b(?:first|second|third|\w+th) floor\b|\baged \d|\b\d+[- ]years?[- ]old\b"
        r"|\b(?:her|his) (?:son|daughter|wife|husband|mother|father)\b|\b(?-i:Mr|Mrs|Ms|Miss)\.? (?-i:[A-Z])"
    ),
    titles=_words(
        "manager manageress supervisor foreman forewoman boss director owner landlord landlady superintendent ceo chef"
        " matron headteacher principal inspector officer leader overseer gaffer chief"
    ),
    honorifics=_words("mr mrs ms miss mx dr prof sir"),
    deeds=_words(
        "lied lies lying stole steals stealing harassed harasses bullied bullies touched groped hit hits slapped"
        " punched kicked shoved assaulted attacked abused threatened cheated robbed falsified forged fiddled embezzled"
        " pocketed bribed spied sacked discriminated victimised victimized blackmailed raped molested"
    ),
    charges=_words(
        "stolen liar thief bully racist sexist homophobic drunk fraud fraudster crook criminal corrupt pervert rapist"
        " predator harassment bullying theft assault racism sexism bribery blackmail negligent"
    ),
    auxiliaries=_words("has had is was"),
    done_by=_words("by against about of"),
    passive=_words("was were been being be got is are get gets"),
    reporting=_words("that said says told tells asked asks heard laughed"),
    not_so=_words("not never no nobody isn't wasn't hasn't didn't isn’t wasn’t hasn’t didn’t"),
    no_names=_words(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
        " september october november december nights days lates earlies they he she it we you i the a an this that"
        " these those who what when where why how nobody somebody everybody everyone someone anybody all some many most"
        " both few others another management upstairs staff people agency police security yesterday today tonight"
        " then and but so if because never once twice one two three four five six seven eight nine ten their our his"
        " her its my your there here in on at no not or as for by with from to is are was were did does has have"
    ),
    no_name_ends=("ers", "ors", "sses", "rses", "ists", "nts", "men", "eople", "ies"),
    places=_words("in at from near to off outside"),
    outs=_words(
        "strike striking walk walking walks walkout walk-out down stop stops stoppage refuse out picket clock go work"
        " occupy sit-in sick"
    ),
    call=_pattern(
        r"(?:strike(?= (?:on|at|from|with|together|until|now|again)\b|[.!]|$)|walk (?:out|off)(?! of \w+ \w*room)"
        r"|down (?:your )?tools|stop (?:all )?work|come out (?:on|with|together)|refuse (?:to work|overtime|all|any)"
        r"|call in sick"
        r"|(?:do not|don['’]t) (?:cross (?:the|a|any|our) picket|clock (?:in|on)|go (?:in|to work))"
        r"|stay (?:at )?(?:home|out) (?:on|from|until|with us)|(?:join|support) (?:the|our|this) (?:strike|walk-?out"
        r"|picket)|all out|occupy|(?:strike|walk-?out|stoppage|sit-in|picket) (?:on|from|this|next|tomorrow|starts"
        r"|begins|until))\b"
    ),
    called=_pattern(
        r"\bwe(?:['’](?:ll|re))? (?:(?:all|will|shall|are|going|to|now|again) ){0,4}(?:strike|striking"
        r"|(?:out )?on strike|go(?:ing)? on strike|walk(?:ing)? (?:out|off)|down tools|occupy"
        r"|come out (?:on|with|together|again)"
        rf"|stop (?:work|again|together|the line|(?:on|from) {_DAY_EN})"
        r"|refuse (?:to (?:work|load|unload|handle|drive|pack|clock)|overtime|all|any))\b"
        r"|\b(?:everybody|everyone|all of (?:us|you)|every shift) (?:out\b|strikes\b|stops work|walks out|comes out)"
        r"|\ball out (?:on|from|at)\b|\b(?:call|urge) (?:on )?(?:you|everyone|everybody|all|every)\b.{0,60}?"
        r"\b(?:strike|walk out|stop work|down tools|come out|stay out)\b"
        r"|\bwe (?:do not|don['’]t|will not|won['’]t) (?:work|go in|go out|clock (?:in|on))"
        rf" (?:on {_DAY_EN}|until|tomorrow)\b"
        rf"|\bon {_DAY_EN} we (?:do not|don['’]t) (?:work|go in|go out|clock (?:in|on))\b"
    ),
)
SPANISH = Wording(
    short=_words("sr sra srta dr dra d dña ud uds vd prof ej avda aprox"),
    short_before_numbers=_words("no núm núms n pág págs p art arts tel tfno"),
    served=_words(
        "paciente pacientes alumno alumna alumnos alumnas pasajero pasajera pasajeros pasajeras viajero viajera"
        " viajeros viajeras cliente clienta clientes clientas residente residentes usuario usuaria usuarios usuarias"
    ),
    one_of_them=_pattern(
        r"\b(?:una?|mi|nuestr[oa]|est[ea]|es[ea]|aquel|aquella|otr[oa]|mism[oa])"
        r"(?: (?!(?:al?|con|cada|de|del|en|o|por)\b)\w+)?"
        r" (?:paciente|alumn[oa]|pasajer[oa]|viajer[oa]|client[ea]|residente|usuari[oa])\b"
    ),
    recognised_by=_pattern(
        r"\b(?:sala|habitación|cama|planta|aula|clase|piso|línea|autobús|tren|mesa|box) \d|\bde \d+ años\b"
        r"|\bsu (?:hij[oa]|mujer|marido|madre|padre)\b|\b(?:don|doña|sra?\.) (?-i:[A-ZÁÉÍÓÚÑ])"
    ),
    titles=_words(
        "encargado encargada jefe jefa capataz gerente director directora supervisor supervisora patrón patrona"
        " coordinador coordinadora dueño dueña casero casera inspector inspectora"
    ),
    honorifics=_words("sr sra srta don doña señor señora dr dra"),
    deeds=_words(
        "mintió miente mintiendo mentido robó roba robado robando acosó acosa acosado acosando insultó insulta pegó"
        " pega golpeó tocó manoseó empujó amenazó amenaza agredió abusó estafó falsificó chantajeó sobornó discriminó"
        " despidió espió violó maltrató maltrata"
    ),
    charges=_words(
        "mentiroso mentirosa ladrón ladrona racista machista homófobo homófoba borracho borracha fraude estafador"
        " estafadora corrupto corrupta acosador acosadora acoso robo soborno estafa abusos agresión maltrato"
        " delincuente"
    ),
    auxiliaries=_words("ha había es era"),
    done_by=_words("por contra de del"),
    passive=_words("fue fueron sido"),
    reporting=_words("que dijo dice contó preguntó oyó"),
    not_so=_words("no nunca nadie jamás tampoco ni"),
    no_names=_words(
        "el la los las un una unos unas lo le les nos me te se yo tú él ella ellos ellas nosotros nosotras quien quién"
        " que qué cuando cuándo donde dónde como cómo nadie alguien todos todas toda todo algunos muchas muchos este"
        " esta esto ese esa eso aquí allí ayer hoy mañana lunes martes miércoles jueves viernes sábado domingo enero"
        " febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre y pero si porque no en a"
        " al de del por para con sin dos tres cuatro cinco seis siete ocho nueve diez su sus mi tu nuestro nuestra"
        " siempre nunca ya dirección empresa gente personal"
    ),
    no_name_ends=("dores", "doras", "ados", "adas", "eros", "eras", "ntes", "ores"),
    places=_words("en a desde hasta"),
    outs=_words(
        "huelga huelgas paro paros paramos paremos parar parad pararemos trabajar negamos salimos entramos"
        " fichamos trabajamos secunda secundad secundemos fiches fichéis plante encierro"
    ),
    call=_pattern(
        r"(?:a la huelga|haced huelga|hagamos huelga|vamos (?:todos |todas )?a la huelga|parad|paremos"
        r"|secund(?:a|ad|emos) (?:la|el)|no (?:fiches|fichéis|vayas a trabajar|vayáis a trabajar|entres a trabajar)"
        r"|únete a la huelga|(?:huelga|paro|plante|encierro) (?:general )?(?:el|este|esta|desde|a partir|mañana"
        r"|indefinid[oa]|de \d+ horas))\b"
    ),
    called=_pattern(
        r"\b(?:vamos|iremos|salimos|saldremos|estamos|convocamos|llamamos) (?:\w+ ){0,4}(?:huelga|paro)\b"
        r"|\b(?:todos|todas) a la huelga\b|\b(?:paramos|pararemos|vamos a parar) (?:otra vez|juntos|juntas|todos|todas"
        rf"|a las|desde|la línea|el {_DAY_ES})|\bnos negamos a (?:trabajar|cargar|descargar|hacer)\b"
        rf"|\bel {_DAY_ES} no (?:salimos|entramos|fichamos|trabajamos)\b"
        rf"|\bno (?:salimos|entramos|fichamos|trabajamos) (?:el {_DAY_ES}|hasta)\b"
    ),
)


# Addresses follow the country and not the language of a sheet: both kinds are looked for in every text.
STREET = re.compile(
    r"\b\d{1,4}[a-zA-Z]?,? (?:[A-Z][\w'’.-]{0,25} ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Close|Crescent"
    r"|Court|Terrace|Place|Gardens|Grove|Way|Walk|Row|Hill|Square|Mews|Boulevard|Blvd)\b"
    r"|\b(?:[Cc]alle |[Aa]venida |[Aa]vda\. |[Pp]laza |[Pp]aseo |[Cc]amino |[Rr]onda |[Tt]ravesía |[Cc]/ ?)"
    r"(?:(?:de|del|la|el|los|las|[A-ZÁÉÍÓÚÑ][\w.ªº]{0,25}) ){0,5}[A-ZÁÉÍÓÚÑ][\w.ªº]{0,25},? (?:n\.?º ?|núm\. ?)?"
    r"\d{1,4}\b(?![:.]\d| de [a-z])"
)
POSTCODES = {
    "GB": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"),
    "US": re.compile(r"\b[A-Z]{2} \d{5}(?:-\d{4})?\b"),
}
NOBODYS_HOME = _words(  # with one of these in its sentence, an address is a place to meet, or a printer's
    "hall library pub café cafe bar church chapel mosque school college centre center club union office offices hotel"
    " press printers printing ltd inc box shop association imprenta local sindicato biblioteca centro parroquia colegio"
    " ateneo sede apartado asociación"
)


def wording(language: str) -> Wording:
    """The wording for a BCP 47 tag, by its first part; English where there is none."""
    return {"es": SPANISH}.get(language.split("-")[0].lower(), ENGLISH)
