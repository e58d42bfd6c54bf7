"""Cards and lists as phones, programs and people write them: who was meant comes in, or a reason is given."""

from __future__ import annotations

import pathlib

import pytest

from bulletin.domain.people.imports import csv_lists
from bulletin.domain.people.imports.csv_heads import propose, role_of
from bulletin.domain.people.imports.entries import Book, ImportEntry, Why
from bulletin.domain.people.imports.files import NoAddressBook, decoded, read
from bulletin.domain.people.refusals import NoBook

FILES = pathlib.Path(__file__).parent / "cases"
COUNTRIES = {
    **dict.fromkeys(("german.csv", "german-name-vorname.csv", "outlook-de.csv"), "DE"),
    **{"dutch.csv": "NL", "french.csv": "FR", "italian.csv": "IT", "polish.csv": "PL", "portuguese.csv": "PT"},
    **dict.fromkeys(("spanish.csv", "spanish2.csv", "spanish-nombre-one-col.csv"), "ES"),
}
LANGUAGES = {"cp1250-polish.csv": "pl", "cp1251.csv": "ru", "cp1252.csv": "de", "mac-roman.csv": "de"}


def a(name: str, *phones: str, **more: object) -> ImportEntry:
    return ImportEntry(name, phones=phones, **more)


ONE, TWO, LANDLINE = "+447700900101", "+447700900102", "+442079460018"
ANNA, BERG = a("Anna", ONE), a("Anna Berg", ONE)
MAIL = ("a@example.org",)

# What is in each file, and what was left out of it: by the number of its row, card or line.
CSV: dict[str, tuple[list[ImportEntry], dict[Why, list[int]]]] = {
    **{f"{name}.csv": ([BERG], {}) for name in (
        *("apostrophe", "float", "formula-text", "header-commas2", "last-first-headers", "semicolon", "sep-line"),
        *("sep-line-comma", "sep-quoted-bom", "spoke", "surname-firstname", "tie--semi", "zero-lost"),
    )},
    **{f"{name}.csv": ([ANNA], {}) for name in (
        *("caps-trailing-spaces", "crcrlf", "empty-cols", "phones", "pipe", "whatsapp"),
    )},
    "action-network.csv": ([a("Anna Berg", ONE, ways=MAIL)], {}),
    "backslash-quotes.csv": ([ANNA, a("Bill", TWO)], {}),
    "civicrm.csv": ([a("Ms Anna Berg", ONE, ways=MAIL)], {}),
    "contact-name-header.csv": ([a("Anna Berg", ONE, ways=MAIL)], {}),
    "cp1250-polish.csv": ([a("Łukasz Żak", ONE)], {}),
    "cp1251.csv": ([a("Иван Петров", ONE)], {}),
    "cp1252.csv": ([a("Zoë Müller", ONE)], {}),
    "mac-roman.csv": ([a("Zoë Müller", ONE)], {}),
    "tab-utf16.csv": ([a("Zoë Berg", ONE)], {}),
    "tab-utf16-nobom-cyr.csv": ([a("Иван Петров", ONE)], {}),
    "nul-utf16-half.csv": ([a("A")], {}),
    "dept-shift.csv": ([a("Anna", ONE, department="Kitchen", shift="Night")], {}),
    "title-rows.csv": ([a("Anna Berg", ONE, department="Kitchen")], {Why.BEFORE_HEAD: [1]}),
    "dup-rows-same-name-diff-phone.csv": ([BERG, a("Anna Berg", TWO)], {Why.SAME: [4]}),
    "same-name-no-phone-two-people.csv": ([a("Maria Garcia"), a("Maria Garcia")], {}),
    "nfc-nfd.csv": ([a("Zoë Berg"), a("Zoe\u0308 Berg")], {}),
    "employee-no-swallowed-as-number.csv": ([a("Anna"), a("Bill")], {}),
    "empty-rows.csv": ([ANNA], {Why.EMPTY: [2, 4]}),
    "google-colons.csv": ([a("Anna", ONE, TWO, ways=("a@example.org", "b@example.org"))], {}),
    "google-new.csv": ([a("Anna Berg", ONE, LANDLINE, title="Driver", organisation="Depot", ways=MAIL)], {}),
    "header-commas.csv": ([a("Anna Berg", ONE, title="driver")], {}),
    "html-entities.csv": ([a("O'Brien"), a("M&S")], {}),
    "just-names-with-word-Name.csv": ([a("Anna Berg"), a("Bill Oak")], {}),
    "member-name.csv": ([a("Berg, Anna", "+445550100")], {}),
    "mobile-no..csv": ([a("Anna", ONE, LANDLINE)], {}),
    "multi-line-cell.csv": ([ANNA, a("Bill", TWO)], {}),
    "outlook-en.csv": ([a("Anna Berg", ONE, organisation="Depot", ways=MAIL)], {}),
    "quote-inside.csv": ([a('Anna "Annie" Berg', ONE), a('Bill "Bo" Oak', TWO)], {}),
    "quote-open.csv": ([ANNA, a("Bill", TWO)], {}),
    "sci.csv": ([a("Anna Berg"), a("Bill Oak")], {Why.ROUNDED: [2, 3]}),
    "soft-hyphen.csv": ([a("Annalena Berg")], {}),
    "two-numbers.csv": (
        [a("Anna", ONE, TWO), a("Bill", "+447700900103", "+447700900104"), a("Cy", "+447700900105", "+447700900106")],
        {},
    ),
    "zwj-etc.csv": (
        [
            *(BERG, a("علي", TWO), a("Bill", "+447700900103")),
            *(a("🌹", "+447700900104"), a("X", "+447700900105")),
        ],
        {},
    ),
    # In other languages.
    "german.csv": ([a("Anna Berg", "+4915123456789", ways=MAIL)], {}),
    "german-name-vorname.csv": ([a("Anna Berg", "+4915123456789"), a("Bernd Berg", "+4915123456780")], {}),
    "german-name-vorname-nophone.csv": ([a("Anna Berg"), a("Bernd Berg")], {}),
    "outlook-de.csv": ([a("Anna Berg", "+4915123456789", ways=MAIL)], {}),
    "dutch.csv": ([a("Jan", "+31612345678")], {}),
    "french.csv": ([a("Anne Dupont", "+33612345678")], {}),
    "italian.csv": ([a("Anna Rossi", "+393331234567")], {}),
    "polish.csv": ([a("Anna Nowak", "+48600123456")], {}),
    "portuguese.csv": ([a("Ana", "+351912345678")], {}),
    "spanish.csv": ([a("Ana García", "+34600123456", ways=("ana@example.org",))], {}),
    "spanish2.csv": ([a("Ana García", "+34600123456", shift="noche")], {}),
    "spanish-nombre-one-col.csv": ([a("Ana García", "+34600123456", department="cocina")], {}),
    # Nobody is in them.
    "header-only.csv": ([], {}),
    "xls-html.csv": ([], {}),
}  # fmt: skip
# Whose columns are asked for: what is proposed, and whether the first row names them.
ASKED = {
    "comma-names-no-header.csv": (["family", "given"], False),
    "just-names.csv": (["name"], False),
    "no-header.csv": (["name", "phones"], False),
}
UNREAD = {
    "employee-no-swallowed-as-number.csv": ["Number"],
    "member-name.csv": ["Employee ID"],
    "outlook-en.csv": ["Title", "Notes"],
    "header-commas2.csv": ["Notes, wishes, other"],
}
NO_BOOK = {"excel-xml-html.csv": NoBook.WEB_PAGE, "empty-file.vcf": NoBook.EMPTY}

JURGEN, PETROV, SURE = a("Jürgen Müller"), a("Иван Петров", ONE), a("Anna Berg", "+447700900104")
CARDS: dict[str, tuple[list[ImportEntry], dict[Why, list[int]]]] = {
    **{f"{name}.vcf": ([SURE], {}) for name in ("FN-empty", "FN-grouped", "no-N", "huge-note")},
    **{f"{name}.vcf": ([SURE], {Why.PICTURE: [1]}) for name in (
        *("photo", "photo-data-uri", "photo21", "photo21-nofold"),
    )},
    **{f"{name}.vcf": ([a("Zoë Berg", "+447700900103")], {}) for name in (
        *("cr-only", "mixed", "utf16le-bom", "utf8-bom"),
    )},
    **{f"{name}.vcf": ([PETROV], {}) for name in ("qp-soft", "qp-soft-space-fold", "qp-folded-without-equals")},
    **{f"{name}.vcf": ([a("山田")], {}) for name in ("2.1-charset-cp932", "2.1-charset-sjis")},
    **{f"{name}.vcf": ([], {Why.NOBODY: [1]}) for name in ("apple-group", "kind-group")},
    **{f"{name}.vcf": ([], {Why.NO_NAME: [1]}) for name in ("only-email", "only-phone")},
    "2.1-charset-win1251.vcf": ([a("Иван")], {}),
    "2.1-charset.vcf": ([a("Jürgen")], {}),
    "raw-8bit-charset.vcf": ([a("Jürgen")], {}),
    "latin1-raw.vcf": ([JURGEN], {}),
    "qp-3.0.vcf": ([a("Jürgen Müller", LANDLINE)], {}),
    "qp-bare-param.vcf": ([a("Jürgen Müller", TWO)], {}),
    "qp-no-charset-utf8.vcf": ([a("Jürgen", TWO)], {}),
    "emoji-qp.vcf": ([a("Anna 💚")], {}),
    "N-only.vcf": ([a("Anna Maria Berg", "+447700900104")], {}),
    "N-with-unescaped-comma-2.1.vcf": ([a("Berg, Anna", ONE)], {}),
    "agent.vcf": ([a("Anna", "+447700900104")], {Why.AGENT: [1]}),
    "begin-lower.vcf": ([a("anna berg", ONE)], {}),
    "begin-space.vcf": ([a("Anna")], {}),
    "company.vcf": ([a("Canteen Ltd", LANDLINE, organisation="Canteen Ltd")], {}),
    "no-FN-org-only.vcf": ([a("Depot canteen", LANDLINE, organisation="Depot canteen")], {}),
    "crcrlf-folded.vcf": ([a("A very long name that a phone folds in the middle", "+447700900103")], {}),
    "empty-param.vcf": ([a("Jo Doe", "+447700900123")], {}),
    "escaped.vcf": ([a("Bo;b Smith, Jr. second", organisation="Acme, Inc.")], {}),
    "escaped-4.0.vcf": (
        [a("Smith, Bob", "+44-7700-900105 ext. 5", ways=("b@example.org", "sip:bob@example.org"))],
        {Why.ODD_NUMBER: [1]},
    ),
    "fn-is-phone.vcf": ([a("+44 7700 900109", "+447700900109")], {}),
    "fn-with-semicolon.vcf": ([a("Berg;Anna", ONE)], {}),
    "grouped.vcf": ([a("Anna Berg", "+447700900104", ways=MAIL)], {}),
    "many-tels.vcf": ([a("Anna Berg", *(f"+4477009001{n:02}" for n in range(5)))], {Why.MORE_WAYS: [1]}),
    "nextcloud-multi-value-N.vcf": ([a("Anna van der Berg")], {}),
    "no-end.vcf": ([a("Anna"), a("Bill")], {Why.NO_END: [1, 2]}),
    "only-nickname.vcf": ([a("Beppe", "+447700900107")], {}),
    "pause.vcf": (
        [a("Anna", "+44 20 7946 0018,,,123#", "020 7946 0018p123", "020 7946 0018;123")],
        {Why.ODD_NUMBER: [1]},
    ),
    "phonetic.vcf": ([a("山田 太郎", "+447700900110")], {}),
    "quoted-param.vcf": ([BERG], {}),
    "samsung-custom.vcf": ([a("Anna", "+447700900112", "+447700900113", nickname="Annie")], {}),
    "service.vcf": ([a("Balance", "*100#")], {}),
    "spaces.vcf": ([a("Indented Anna")], {}),
    "tel-text.vcf": ([a("Anna", "ask at the gate")], {}),
    "tel-two-in-one.vcf": ([a("Anna", ONE, TWO)], {}),
    "title-2.vcf": ([a("Anna", title="Driver, Steward")], {}),
    "trailing-backslash.vcf": ([BERG], {}),
    "two-FN.vcf": ([a("آنا", nickname="Anna")], {}),
    "waid.vcf": ([a("Anna", "+447700900111")], {}),
}  # fmt: skip


def content(name: str) -> bytes:
    return (FILES / ("vcard" if name.endswith(".vcf") else "csv") / name).read_bytes()


def book_of(name: str) -> Book:
    return read(content(name), COUNTRIES.get(name, "GB"), language=LANGUAGES.get(name, "en"))


def test_every_file_has_its_right_value():
    there = {file.name for folder in ("csv", "vcard") for file in (FILES / folder).iterdir()}
    assert there == CSV.keys() | ASKED.keys() | NO_BOOK.keys() | CARDS.keys()


@pytest.mark.parametrize("name", [*CSV, *CARDS])
def test_who_was_meant_is_who_comes_in(name):
    book = book_of(name)
    people, left_out = (CSV | CARDS)[name]
    assert (book.entries, book.left_out, book.columns) == (people, left_out, [])
    assert book.unread == UNREAD.get(name, book.unread)


@pytest.mark.parametrize("name", ASKED)
def test_where_nothing_says_what_the_columns_are_it_is_asked_and_something_proposed(name):
    book = book_of(name)
    roles, headed = ASKED[name]
    assert propose(book.columns) == (roles, headed)
    assert (book.entries, book.left_out) == ([], {})


@pytest.mark.parametrize("name", NO_BOOK)
def test_what_is_no_list_gets_its_reason(name):
    with pytest.raises(NoAddressBook) as told:
        book_of(name)
    assert told.value.code is NO_BOOK[name]


# Each fault's whole kind.


@pytest.mark.parametrize(
    "heads",
    [
        *("Name,Phone,Email,Department,Shift", "Nombre y apellidos,Teléfono,Correo electrónico,Departamento,Turno"),
        *("Nom complet,Téléphone,Courriel,Service,Équipe", "Name,Handy,E-Mail,Abteilung,Schicht"),
        *("Nome e cognome,Cellulare,E-mail,Reparto,Turno", "Nome completo,Telemóvel,E-mail,Setor,Turno"),
        *("Naam,Telefoonnummer,E-mailadres,Afdeling,Ploeg", "Imię i nazwisko,Numer telefonu,E-mail,Dział,Zmiana"),
        *("Ad Soyad,Cep telefonu,E-posta,Bölüm,Vardiya", "Họ và tên,Số điện thoại,Email,Bộ phận,Ca"),
        *("Ονοματεπώνυμο,Τηλέφωνο,Email,Τμήμα,Βάρδια", "ФИО,Телефон,Эл. почта,Цех,Смена"),
        *("Ім'я та прізвище,Телефон,Пошта,Відділ,Зміна", "Nume și prenume,Număr de telefon,E-mail,Secția,Schimbul"),
        *(
            "الاسم,رقم الهاتف,البريد الإلكتروني,القسم,الوردية",
            "姓名,手机号码,邮箱,部门,班次",
            "नाम,मोबाइल,ईमेल,विभाग,पाली",
        ),
    ],
)
def test_heads_are_read_in_the_languages_people_write(heads):
    assert [role_of(head) for head in heads.split(",")] == ["name", "phones", "ways", "department", "shift"]


@pytest.mark.parametrize(
    ("given", "family"),
    [
        *(("Vorname", "Nachname"), ("Prénom", "Nom de famille"), ("Nombre", "Apellidos"), ("Nome", "Cognome")),
        *(("Nome", "Sobrenome"), ("Voornaam", "Achternaam"), ("Imię", "Nazwisko"), ("Prenume", "Nume")),
        *(("Ad", "Soyad"), ("Имя", "Фамилия"), ("Ім’я", "Прізвище"), ("Όνομα", "Επώνυμο"), ("Tên", "Họ")),
        *(("Prénom", "Nom"), ("Vorname", "Name"), ("First name", "Name"), ("firstName", "lastName")),
    ],
)
def test_given_and_family_names_are_put_together(given, family):
    book = read(f"{family};{given}\nBerg;Anna\nBerg;Bernd\n".encode(), "DE")
    assert [entry.name for entry in book.entries] == ["Anna Berg", "Bernd Berg"]


def test_a_whole_name_beside_a_given_one_stays_whole():
    book = read(b"Name,First name\nAnna Berg,Anna\nBill Oak,Bill\n", "GB")
    assert [entry.name for entry in book.entries] == ["Anna Berg", "Bill Oak"]


@pytest.mark.parametrize("head", ["Phone 1 - Label", "Phone type", "Email opt in", "E-mail 1 - Label", "Employee ID"])
def test_what_is_about_a_number_is_no_number(head):
    assert role_of(head) == ""


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("Name;Wage\nAnna;12,50\nBill;13,10\n", ["Name", "Wage"]),
        ("Who,Says\nAnna,so; so\nBill,no\n", ["Who", "Says"]),
        ("Anna\t1, 2; 3\nBill\t4\n", ["Anna", "1, 2; 3"]),
        ("Name,Pay; hours\nAnna,12\nBill,13\n", ["Name", "Pay; hours"]),
        ("Berg, Anna;1\nOak, Bill;2\n", ["Berg, Anna", "1"]),
        ("One\nTwo, three\nFour\nFive\n", ["One"]),
    ],
)
def test_what_parts_the_fields_is_judged_by_all_rows(text, parted):
    assert csv_lists.beginning(text)[0] == parted


def test_titles_above_the_columns_are_nobody_also_where_somebody_says_what_the_columns_are():
    text = "Nachtschicht;;\n;;\nStand: Mai;;\nWer;Wo;Tel\nAnna;Halle;07700 900101\nBill;Halle;07700 900102\n"
    book = read(text.encode(), "GB", ["name", "department", "phones"])
    assert [entry.name for entry in book.entries] == ["Anna", "Bill"]
    assert book.left_out == {Why.BEFORE_HEAD: [1, 3]}
    assert csv_lists.beginning(text)[0] == ["Wer", "Wo", "Tel"]
    everybody = read(b"Anna\nBill;07700 900102\nCy;07700 900103", "GB", ["name", "phones"], headed=False)
    assert [entry.name for entry in everybody.entries] == ["Anna", "Bill", "Cy"]


def test_an_old_code_page_can_be_chosen():
    data = "Name\nИван\n".encode("cp1251")
    assert decoded(data, "ru") == ("Name\nИван\n", "cp1251")
    assert decoded(data, "en") == ("Name\nÈâàí\n", "cp1252")
    assert read(data, "GB", language="en", coding="cp1251").entries == [a("Иван")]
    assert read(data, "GB", language="en", coding="no such coding").coding == "cp1252"
    assert read("Name\nИван\n".encode(), "GB", coding="cp1251").coding == ""


def test_a_letter_in_a_number_is_kept_as_it_is_written_and_said():
    book = read(b"Name,Phone\nAnna,0770O 900123\nBill,ask Rosa\n", "GB")
    assert [entry.phones for entry in book.entries] == [("0770O 900123",), ("ask Rosa",)]
    assert book.left_out == {Why.ODD_NUMBER: [2]}
    assert book.odd_numbers == [(2, "Anna", "0770O 900123")]


def test_the_leading_apostrophe_of_a_dutch_name_is_its_own():
    assert [one.name for one in read(b"Naam\n't Hart\n'Berg\n", "NL").entries] == ["'t Hart", "Berg"]


def test_names_of_nothing_to_see_are_no_names():
    book = read("Name,Phone\n\u3164,07700 900101\n\u200b\u2800,07700 900102\n".encode(), "GB")
    assert (book.entries, book.left_out) == ([], {Why.NO_NAME: [2, 3]})
