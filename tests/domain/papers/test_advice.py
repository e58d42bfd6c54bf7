"""Advice before printing: Rosa at the Depot writes, and a good editor reads over her shoulder."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings, strategies as st

from bulletin.domain.papers.advice import rules as rules
from bulletin.domain.papers.advice.imprints import imprint_card
from bulletin.domain.papers.advice.rules import Advice, Rule, advise
from bulletin.press.kinds import KINDS
from bulletin.press.parts import TEXT, Part, split
from bulletin.sentences import say_code
from bulletin.web.papers.advice import RULE_SENTENCES, told

HEAD = {
    "headline": "Nobody drives alone",
    "reply": "https://example.org/r/k7",
    "imprint": "Published by drivers at Northfield",
}


def said(text: str, *, language: str = "en", country: str = "GB", official: bool = False) -> dict[Rule, str]:
    """What is said about one article."""
    given = advise(HEAD, [Part("article", "", text)], language=language, country=country, official=official)
    return {advice.rule: advice.words for advice in given}


def of_header(country: str = "GB", parts: tuple[Part, ...] = (), **head: str) -> dict[Rule, str]:
    given = advise(HEAD | head, parts, language="en", country=country)
    return {advice.rule: advice.words for advice in given if advice.about is None}


# Each rule, with what it is about, and with what only looks like it.

PATIENTS = {
    "On Tuesday a patient waited nine hours on the corridor.": "a patient",
    "One elderly resident was left without water.": "One elderly resident",
    "My pupil came without breakfast.": "My pupil",
    "Two patients in Bay 4 fell in one night.": "patients",
    "The passenger was 83 years old and stood all the way.": "passenger",
    "The customer, a Mrs Ellis, wrote to head office.": "customer",
    "A service user hit out, and nobody came.": "A service user",
}
NO_PATIENTS = (
    "Patients wait nine hours, and so do we.",
    "Every patient deserves a bed.",
    "There is one nurse per patient on paper, and a nurse for each patient in the brochure.",
    "Patient care is what we do. We have been patient.",
    "It takes a patient man to work here.",
    "Is this a customer service desk or a shooting gallery?",
    "Residents pay for a lift that does not run.",
    "Passengers waited forty minutes on Monday.",
)

ACCUSATIONS = {
    "The night manager stole our breaks.": "manager stole",
    "Everybody knows that the foreman is a bully.": "foreman is a bully",
    "Mr Hale has touched three of the trainees.": "Hale has touched",
    "Mr. Hale lied about the rota.": "Hale lied",
    "We were bullied by the supervisor all winter.": "bullied by the supervisor",
    "There are four complaints of harassment against Dr Reed.": "harassment against Dr",
    "Karen lied to the meeting.": "Karen lied",
    "On Sunday Dave was drunk again.": "Dave was drunk",
    "The rota, says everyone, was forged by Karen Holt.": "forged by Karen",
    "Is the manager racist? Ask those whom he does not promote.": "manager racist",
    "James is a thief.": "James is a thief",
}
NO_ACCUSATIONS = (
    "They stole eleven minutes a day from us.",
    "Management lied about the heating.",
    "Managers lied to us. Drivers were robbed of an hour.",
    "The manager came down at nine and said nothing.",
    "The foreman has not lied to us yet, and never bullied anybody.",
    "The manager was hit by a pallet.",
    "The cuts hit nights hardest. On Monday we were hit again.",
    "Nobody has ever called us drunk.",
    "Bullying is a health and safety matter, and racism is a trade union matter.",
    "At Brinkmere bullying stopped when the shift stood still.",
    "Wages stolen since October: forty-two hours each.",
    "Wage theft has a name here: the clock.",
    "The entry rate touches nobody who has a vote. That is a fraud.",
    "Our supervisor told us that a drunk driver hit the gate.",
    "A team leader said the theft was our fault. Police hit two of us.",
    "Karen mended the lift. It had been attacked by rust.",
)

CALLS = {
    "We strike on Friday.": "We strike on Friday.",
    "Bring a flask. We walk out at noon, all of us!": "We walk out at noon, all of us!",
    "Down tools at ten.": "Down tools at ten.",
    "From Monday, refuse overtime.": "refuse overtime.",
    "Don’t cross the picket line.": "Don’t cross the picket line.",
    "So walk out with us.": "walk out with us.",
    "Strike on Thursday from six.": "Strike on Thursday from six.",
    "Everybody out on Friday.": "Everybody out on Friday.",
    "We call on all drivers to strike.": "call on all drivers to strike.",
    "We stop again on Friday": "We stop again on Friday",
    "On Friday we do not clock on.": "On Friday we do not clock on.",
}
NO_CALLS = (
    "The strike was won in March. Thirty of you walked out.",
    "Strike pay comes out of the tin.",
    "If you cannot come out, there is still plenty to do. If you are ill, stay at home.",
    "Walk out of the room if it gets hot. They told us to stop work in the storm.",
    "The bus stops outside. We stop at every stop and smile.",
    "Only this meeting ends the strike.",
    "Come to the gate on Saturday. Sign the letter in the mess room.",
    "Can we strike? Ask first: the ballot closes on Friday.",
    "Their heat is our short week. We refuse to believe it.",
)

NUMBERS = (
    ("Ring Bill on 020 7946 0958.", "GB"),
    ("Llama a Rosa: 612 345 678.", "ES"),
    ("Text (201) 555-0123 tonight", "US"),
    ("Or from anywhere +44 20 7946 0958", "PL"),
    ("Cell: 201.555.0123", "us"),
)
NO_NUMBERS = (
    ("The helpline is free: 0800 1111 and 0800 028 0285.", "GB"),
    ("We meet on 14.2.2027 at 11:30, for 230 shifts of 7.5 hours, paid 1,310 or 6 150.", "GB"),
    ("The table says 16.00, 16.80, 640, 630, 665.60, 369.60.", "GB"),
    ("Lot S 0000 0000 0000 and 1 2 3 4 5 6 7 8 9", "GB"),
    ("Ring the number on the back of your card.", "GB"),
)

HOMES = (
    ("Come to 14 Acacia Avenue after the shift.", "GB", "14 Acacia Avenue"),
    ("Post it through the door of 3b, Old Mill Lane.", "GB", "3b, Old Mill Lane"),
    ("Rosa, LS9 7TF, has the tags.", "GB", "LS9 7TF"),
    ("Trae la carta a la calle del Carmen 12, tercero.", "ES", "calle del Carmen 12"),
    ("Nos vemos en C/ Mayor, 5.", "ES", "C/ Mayor, 5"),
)
NO_HOMES = (
    ("Room above the library, Weir Street.", "GB"),
    ("The Trades Hall, 14 Mill Street, at seven.", "GB"),
    ("At home, in the flats on Canal Row, five of us cannot dry one wall.", "GB"),
    ("Gate 1 on Sunday 14 February, 11:00. Bus 9 stops outside.", "GB"),
    ("En la plaza Mayor, 11:00. En la calle a las 5 no había nadie.", "ES"),
    ("En el local de la calle Mayor 5.", "ES"),
    ("El paseo Marítimo 18 de mayo a mediodía.", "ES"),
)

SPANISH = {
    "El encargado robó nuestras horas.": (Rule.ACCUSATION, "encargado robó"),
    "Nos dijo que Marta miente.": (Rule.ACCUSATION, "Marta miente"),
    "Fue acosada: hay denuncias de acoso contra el jefe.": (Rule.ACCUSATION, "acoso contra el jefe"),
    "Ayer una paciente esperó nueve horas.": (Rule.PATIENTS, "una paciente"),
    "Los alumnos del aula 4 pasan frío.": (Rule.PATIENTS, "alumnos"),
    "Dos alumnos vinieron sin desayunar.": (Rule.PATIENTS, ""),
    "¡A la huelga el viernes!": (Rule.CALLING_OUT, "A la huelga el viernes!"),
    "Traed agua: paramos el lunes a las diez.": (Rule.CALLING_OUT, "paramos el lunes a las diez."),
    "El viernes no salimos": (Rule.CALLING_OUT, "El viernes no salimos"),
    "Vamos todos a la huelga.": (Rule.CALLING_OUT, "Vamos todos a la huelga."),
}
NOT_IN_SPANISH = (
    "La empresa nos robó once minutos al día. Nos robaron a todos.",
    "El encargado no mintió. Cada paciente merece una cama.",
    "La huelga se ganó en marzo. La caja de huelga tiene mil.",
    "El autobús para aquí. Paramos en cada parada y sonreímos.",
    "Un grito en el muelle, no. Siempre va una sola persona, y la puerta siempre se cierra.",
)


@pytest.mark.parametrize(("text", "words"), PATIENTS.items())
def test_somebody_in_their_care_who_may_be_recognised(text, words):
    assert said(text)[Rule.PATIENTS] == words


@pytest.mark.parametrize("text", NO_PATIENTS)
def test_people_in_general_are_nobody_in_their_care(text):
    assert said(text) == {}


@pytest.mark.parametrize(("text", "words"), ACCUSATIONS.items())
def test_a_named_accusation(text, words):
    assert said(text)[Rule.ACCUSATION] == words


@pytest.mark.parametrize("text", NO_ACCUSATIONS)
def test_an_accusation_of_nobody_in_particular_is_none(text):
    assert Rule.ACCUSATION not in said(text)


@pytest.mark.parametrize(("text", "words"), CALLS.items())
def test_a_sentence_that_calls_people_out(text, words):
    assert said(text)[Rule.CALLING_OUT] == words
    assert Rule.CALLING_OUT not in said(text, official=True)


@pytest.mark.parametrize("text", NO_CALLS)
def test_talk_about_a_strike_calls_nobody_out(text):
    assert Rule.CALLING_OUT not in said(text)


@pytest.mark.parametrize(("text", "country"), NUMBERS)
def test_a_private_number(text, country):
    assert said(text, country=country)[Rule.PRIVATE_NUMBER] in text


@pytest.mark.parametrize(("text", "country"), NO_NUMBERS)
def test_other_numbers_are_nobodys(text, country):
    assert said(text, country=country) == {}


@pytest.mark.parametrize(("text", "country", "words"), HOMES)
def test_a_home_address(text, country, words):
    assert said(text, country=country)[Rule.HOME_ADDRESS] == words


@pytest.mark.parametrize(("text", "country"), NO_HOMES)
def test_a_place_to_meet_is_no_home(text, country):
    assert said(text, country=country) == {}


@pytest.mark.parametrize(("text", "expected"), SPANISH.items())
def test_it_reads_spanish(text, expected):
    rule, words = expected
    assert said(text, language="es-MX", country="ES").get(rule, "") == words


@pytest.mark.parametrize("text", NOT_IN_SPANISH)
def test_what_only_looks_like_it_in_spanish(text):
    assert said(text, language="es", country="ES") == {}


def test_a_language_it_does_not_know_is_read_as_english():
    assert Rule.ACCUSATION in said("The foreman is a bully.", language="pl")


# Length.


def words(number: int) -> str:
    return "Word " + "word " * (number - 2) + "word."


def test_a_sentence_of_thirty_words_is_enough():
    assert said(words(30)) == {}
    assert said(words(31)) == {Rule.LONG_SENTENCE: "Word" + " word" * 10 + "…"}


@pytest.mark.parametrize(
    "middle",
    ["Mr. Hale", "No. 7", "Dr. J. Reed", "5.30 sharp", "“Go! now” and", "e.g. Monday", "waited… and", "St. Mary's"],
)
def test_a_full_stop_that_ends_no_sentence(middle):
    text = words(15).removesuffix(".") + f" {middle} " + words(15).lower()
    assert Rule.LONG_SENTENCE in said(text)


@pytest.mark.parametrize("end", ["end.", "end!”", "end?)", "(end.)", "**end.**", "No.", "end…", "at 5.30."])
def test_a_sentence_that_ends(end):
    text = words(20).removesuffix(".") + f" {end} " + words(20)
    assert Rule.LONG_SENTENCE not in said(text)


def test_a_paragraph_of_sixty_words_is_enough():
    assert said(" ".join([words(20)] * 3)) == {}
    assert list(said(" ".join([words(20)] * 3 + ["More."]))) == [Rule.LONG_PARAGRAPH]


@pytest.mark.parametrize("joint", ["\n\n", "\n- ", "\n2. ", "\n| ", " |\n| a | b |\n\n"])
def test_items_and_cells_are_no_paragraph(joint):
    assert said(f"- {words(20)}" + joint.join(["", *[words(20).removesuffix(".")] * 5])) == {}


def test_a_headline_of_seven_words_is_enough():
    assert of_header(headline="The lift works. The heating does not.") == {}
    assert of_header(headline="The lift works but the heating does not") == {
        Rule.LONG_HEADLINE: "The lift works but the heating does not"
    }


# The header.


def test_a_sheet_that_nobody_can_answer():
    assert of_header(reply=" ") == {Rule.NO_REPLY: ""}
    assert of_header(reply="", parts=(Part("box", "", "Ask whoever gave you this."),)) == {}
    assert Rule.NO_REPLY in of_header(reply="", parts=(Part("box", "Your turn", " \n"),))


def test_an_address_too_long_for_the_photocopier():
    assert of_header(reply="https://r.example.org/w34") == {}
    assert Rule.LONG_QR_ADDRESS in of_header(reply="https://r.example.org/w345")


def test_the_headline_calls_people_out_too():
    assert of_header(headline="We strike on Friday") == {Rule.CALLING_OUT: "We strike on Friday"}
    assert advise(HEAD | {"headline": "We strike"}, [], language="en", country="GB", official=True) == []


def test_an_imprint_that_is_missing():
    assert of_header(imprint="") == {Rule.IMPRINT: ""}
    assert of_header(imprint="", country="XX") == {Rule.IMPRINT: ""}
    assert of_header(imprint="", country="US") == {}


def test_an_address_in_the_imprint_is_never_told_to_go():
    given = of_header(imprint="Published by R. Hill, 14 Acacia Avenue, LS9 7TF")
    assert given == {Rule.IMPRINT_ADDRESS: "14 Acacia Avenue"}
    assert "keep one" in str(RULE_SENTENCES[Rule.IMPRINT_ADDRESS])
    assert of_header(imprint="Printed by Weir Press, 3 Mill Lane. Published by the Trades Club, 5 Weir Street") == {}


def test_a_number_in_the_imprint():
    assert of_header(imprint="Published by Rosa, 020 7946 0958") == {Rule.PRIVATE_NUMBER: "020 7946 0958"}


# Pictures.


def test_a_picture_needs_the_consent_of_those_in_it():
    parts = [Part("image", "", "gate.jpg"), Part("article", "", "Text."), Part("image", "", "tin.jpg")]
    given = advise(HEAD, parts, language="en", country="GB", agreed_pictures={2})
    assert given == [Advice(0, Rule.PICTURE)]


# All together.


def test_each_rule_speaks_once_a_part_with_its_first_words_and_in_order():
    many = Part("echo", "Karen lied", "The foreman is a bully. We strike on Friday. A patient fell. A patient died.")
    given = advise(HEAD | {"reply": ""}, [many, many], language="en", country="GB")
    assert given == [
        Advice(None, Rule.NO_REPLY),
        *(
            Advice(about, rule, words)
            for about in (0, 1)
            for rule, words in (
                (Rule.PATIENTS, "A patient"),
                (Rule.ACCUSATION, "Karen lied"),
                (Rule.CALLING_OUT, "We strike on Friday."),
            )
        ),
    ]


def test_the_samples_get_what_an_editor_would_say():
    """The strikes call people out, and say in their text that they are official; here and there one runs long."""
    given: dict[Rule, list[str]] = {}
    for kind in KINDS.values():
        for language, source in kind.samples.items():
            head, parts = split(source)
            for advice in advise(head, parts, language=language, country="ES" if language == "es" else "GB"):
                given.setdefault(advice.rule, []).append(f"{kind.name}: {advice.words}")
    assert all(words.startswith("strike: ") for words in given.pop(Rule.CALLING_OUT))
    assert given.keys() <= {Rule.LONG_SENTENCE, Rule.LONG_PARAGRAPH}
    assert sum(map(len, given.values())) <= 4


PLAIN = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
TEXTS = PLAIN | st.lists(
    st.sampled_from(
        [*PATIENTS, *ACCUSATIONS, *CALLS, *SPANISH, "| a |", "- ", "\n", "\n\n", "“", ".", "…", "020 7946 0958", "1"]
    )
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["masthead", "headline", "strapline", "reply", "imprint"]), TEXTS),
    st.lists(st.builds(Part, st.sampled_from([TEXT, "article", "box", "image"]), TEXTS, TEXTS), max_size=4),
    PLAIN | st.sampled_from(["en", "es", "es-ES", ""]),
    PLAIN | st.sampled_from(["GB", "es", "ZZ", ""]),
    st.sets(st.integers(-2, 5)),
)
@example({}, [Part("article", "", "\r\n. .\t|" * 50)], "", "001", set())
def test_any_text_in_any_language_anywhere_gets_advice_or_none(head, parts, language, country, agreed):
    given = advise(head, parts, language=language, country=country, agreed_pictures=agreed)
    assert len({(advice.about, advice.rule) for advice in given}) == len(given)
    for advice in given:
        assert len(advice.words) <= rules.SHOWN_MAX
        assert advice.about is None or 0 <= advice.about < len(parts)
    assert given == advise(head, parts, language=language, country=country, agreed_pictures=agreed)


@pytest.mark.parametrize(
    "piece",
    [
        *("9", "1 ", "1 2 3 4 5 6 7 8 9 ", "020 7946 0958x ", ".", ". ", "… ”", "a-", "*", "_ ", "> > ", "| a ", "\n"),
        *("lied ", "lied by Bill ", "the manager of ", "strike; ", "we all will ", "call on all ", "a very patients "),
        *("12 Aaaa Bbbb Cccc ", "calle De La De ", "Aaaaaaaaaaaaaaaaaaaaaaaa ", "- \n"),
    ],
)
def test_no_text_keeps_it_long(piece):
    """50,000 characters take 5 to 50 ms; what grows with their square would take many seconds."""
    started = time.process_time()
    said((piece * 50_000)[:50_000])
    assert time.process_time() - started < 2


# What is said.


def test_every_rule_has_its_sentence_and_its_true_number():
    assert RULE_SENTENCES.keys() == set(Rule)
    for rule, number in {
        Rule.LONG_HEADLINE: rules.HEADLINE_MAX,
        Rule.LONG_SENTENCE: rules.SENTENCE_MAX,
        Rule.LONG_PARAGRAPH: rules.PARAGRAPH_MAX,
        Rule.LONG_QR_ADDRESS: rules.REPLY_MAX,
    }.items():
        assert f"more than {number} " in str(RULE_SENTENCES[rule])


def test_an_advice_is_told_with_its_words_if_it_has_any():
    assert told(Advice(0, Rule.ACCUSATION, "100% lied")).startswith("‘100% lied’: An accusation.")
    assert told(Advice(None, Rule.NO_REPLY)).startswith("Nobody can answer")


# Cards.


def test_a_card_says_its_rule_and_where_it_stands():
    card = imprint_card(" gb ")
    assert card is not None
    assert say_code(card.rule).endswith(".")
    assert "1869" in say_code(card.source)
    assert card.asked


def test_of_other_countries_we_do_not_know_the_rule():
    assert imprint_card("XX") is None
    assert imprint_card("") is None
