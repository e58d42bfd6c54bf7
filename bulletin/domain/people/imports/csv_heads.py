"""The heads of the columns of a list and what they stand for, in the languages of the sheets and a few more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bulletin.domain.people.contacts import name_key

GIVEN, MIDDLE, FAMILY, PHONES, WAYS = "given", "middle", "family", "phones", "ways"
DEPARTMENT, SHIFT = "department", "shift"
NAMES = {"name", GIVEN, FAMILY, "nickname"}  # with one of them, it is known who somebody is
# What a column can be; the three parts of a name are put together.
ROLES = (
    *("name", GIVEN, MIDDLE, FAMILY, "nickname", "title", "organisation", DEPARTMENT, SHIFT),
    *(PHONES, WAYS, "notes"),
)

# As people and programs write them: Google's contacts, old and new, Outlook's, Action Network's, and the plain words of
# lists that somebody made by hand. Their own "title" is Outlook's for Mrs and Dr, so it is none of ours. Notes are read
# where somebody says so, and not otherwise. Words between commas; one line for each language.
_HEADS = {
    "name": """
        name, full name, display name, names, who, contact name, employee name, member name, worker name, staff name,
        workers name, name of worker, employee, worker, workmate
        nombre completo, nombre y apellidos, nombre y apellido, nombres y apellidos, apellidos y nombre
        nom, nom complet, nom et prénom, nom prénom, nom de famille et prénom
        vollständiger name, ganzer name, name vorname, vor und nachname, vorname nachname, kollege, beschäftigter
        nome completo, nome e cognome, cognome e nome, nominativo, nome e sobrenome, nome e apelido
        naam, volledige naam, imię i nazwisko, nazwisko i imię, pełna nazwa
        nume, nume complet, nume și prenume, numele, ad soyad, adı soyadı, isim soyisim, tam ad
        họ và tên, họ tên, tên đầy đủ, ονοματεπώνυμο, πλήρες όνομα
        фио, ф и о, имя и фамилия, фамилия имя отчество, фамилия и имя, полное имя
        піб, п і б, імя та прізвище, прізвище та імя, повне імя, jméno a příjmení, namn, fullständigt namn
        الاسم, الاسم الكامل, اسم, 姓名, 名字, नाम, पूरा नाम""",
    GIVEN: """
        first name, given name, first, forename, forenames, christian name, first names
        nombre, nombres, nombre de pila, prénom, prénoms, vorname, vornamen, rufname, nome, primeiro nome, nome próprio
        voornaam, roepnaam, imię, imiona, prenume, ad, adı, isim, tên, όνομα, имя, імя, jméno, křestní jméno, förnamn
        الاسم الأول""",
    MIDDLE: """
        middle name, additional name, middle names, segundo nombre, deuxième prénom, weitere vornamen, zweiter vorname
        secondo nome, nome do meio, tussenvoegsel, drugie imię, ikinci ad, tên đệm, отчество, по батькові""",
    FAMILY: """
        last name, family name, surname, last, second name
        apellidos, apellido, primer apellido, nom de famille, nachname, familienname, zuname, cognome
        sobrenome, apelido, apelidos, último nome, achternaam, familienaam, nazwisko, nume de familie
        soyad, soyadı, soyisim, họ, επώνυμο, επίθετο, фамилия, прізвище, příjmení, efternamn, اسم العائلة, اللقب""",
    "nickname": """
        nickname, called, known as, preferred name, apodo, alias, surnom, spitzname, soprannome, alcunha, bijnaam
        pseudonim, ksywa, poreclă, lakap, biệt danh, παρατσούκλι, прозвище, прізвисько, přezdívka, smeknamn""",
    "title": """
        job title, organization title, organization 1 title, job, role, position, occupation
        puesto, cargo, oficio, poste, fonction, métier, funktion, beruf, tätigkeit, stelle, position, mansione, ruolo
        função, cargo, functie, beroep, stanowisko, funcție, funcția, post, görev, görevi, meslek, chức vụ, công việc
        θέση, ειδικότητα, должность, профессия, посада, професія, pozice, funkce, befattning, الوظيفة, 职位, पद""",
    "organisation": """
        company, organization name, organization 1 name, organization, organisation, employer
        empresa, compañía, entreprise, société, firma, unternehmen, arbeitgeber, betrieb, azienda, ditta, companhia
        bedrijf, firma, companie, firmă, şirket, công ty, εταιρεία, компания, фирма, компанія, фірма, společnost
        företag, الشركة, 公司, कंपनी""",
    DEPARTMENT: """
        department, dept, section, division, departamento, sección, área, département, service, atelier, rayon
        abteilung, bereich, abt, station, reparto, dipartimento, settore, setor, secção, seção, afdeling
        dział, wydział, oddział, departament, secție, secția, atelier, bölüm, departman, birim, phòng ban, bộ phận
        τμήμα, отдел, цех, отделение, участок, відділ, цех, відділення, дільниця, oddělení, avdelning
        القسم, 部门, विभाग""",
    SHIFT: """
        shift, shifts, turno, turnos, équipe, poste horaire, horaire, schicht, dienst, turni, ploeg, dienst
        zmiana, schimb, schimbul, tură, tura, vardiya, ca, ca làm việc, βάρδια, смена, зміна, směna, skift
        الوردية, المناوبة, 班次, पाली""",
    PHONES: """
        phone, phones, phone number, phone s, telephone, tel, mobile, mobile phone, mobile number, cell, cell phone
        primary phone, home phone, home phone 2, business phone, business phone 2, other phone, can2 phone, car phone
        company main phone, contact number, whatsapp, signal, telegram
        teléfono, móvil, celular, teléfono móvil, téléphone, tél, portable, mobile, gsm, numéro de téléphone
        telefon, handy, mobil, mobiltelefon, rufnummer, telefonnummer, handynummer, festnetz
        telefono, cellulare, cell, telefone, telemóvel, telefoon, telefoonnummer, mobiel, 06 nummer
        komórka, numer telefonu, nr telefonu, telefon komórkowy, număr de telefon, cep, cep telefonu, telefon numarası
        điện thoại, số điện thoại, sđt, di động, τηλέφωνο, κινητό, телефон, мобильный, номер телефона, сотовый
        мобільний, номер телефону, mobilnummer, الهاتف, رقم الهاتف, الجوال, 电话, 手机, 手机号, 手机号码, 联系电话, 電話
        फ़ोन, फोन, मोबाइल, फोन नंबर, मोबाइल नंबर""",
    WAYS: """
        email, e mail, email address, e mail address, mail, e mail 2 address, e mail 3 address, emails
        correo, correo electrónico, courriel, adresse e mail, adresse mail, mél, e mail adresse, mailadresse
        posta elettronica, indirizzo email, correio eletrónico, correio eletrônico, e mailadres, adres e mail
        adresă de email, e posta, eposta, thư điện tử, ηλεκτρονικό ταχυδρομείο, эл почта, электронная почта, почта
        ел пошта, електронна пошта, пошта, e post, البريد الإلكتروني, 邮箱, 电子邮件, 電子郵件, ईमेल""",
}
_KNOWN = {name_key(head): role for role, heads in _HEADS.items() for head in re.split(r"[,\n]", heads) if head.strip()}
# Where others stand beside them: "Phone 2 - Value" is one, "Phone 2 - Label" is none.
_WITH = {
    PHONES: {
        "phone",
        "telephone",
        "tel",
        "mobile",
        "cell",
        "telefon",
        "telefono",
        "telefone",
        "mobil",
        "movil",
        "handy",
    }
    | {name_key(word) for word in ("téléphone", "telefoon", "телефон", "τηλέφωνο", "whatsapp", "mobiltelefon")},
    WAYS: {"email", "mail"},
}
_ABOUT = {"label", "type", "country", "code", "consent", "status", "opt", "list", "date", "checked", "notes", "id"}
_NUMBERS = {"number", "no", "nr", "nummer", "numero", "num", "numer", "номер", "numar", "so", "αριθμος", "numara", "n"}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|[,/:;].*", re.DOTALL)
LONGEST = 80  # letters of a head that are looked at
SOME = 50  # rows, by which it is settled what a column holds


def role_of(head: str) -> str:
    """What a column with this head holds, one of ROLES, or empty."""
    head = head[:LONGEST].replace("_", " ")
    for written in (head, _CAMEL.sub(" ", head), _ASIDE.sub("", head)):
        key = name_key(written)
        if key in _KNOWN:
            return _KNOWN[key]
        words = set(key.split())
        for role, some in _WITH.items():
            if words & some and not words & _ABOUT:
                return role
    return ""


def roles_of(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """What each column holds, by its head and, where that says two things, by what stands below it."""
    roles = [role_of(head) for head in heads]
    for index, head in enumerate(heads):
        if not roles[index] and name_key(head) in _NUMBERS and _are_dialled(cells(rows, index)):
            roles[index] = PHONES
    if "name" in roles and GIVEN in roles and FAMILY not in roles:
        whole, given = roles.index("name"), roles.index(GIVEN)
        both = [(row[whole], row[given]) for row in rows if max(whole, given) < len(row)]
        if not any(name_key(first) and name_key(first) in name_key(name) for name, first in both):
            roles[whole] = FAMILY  # "Name, Vorname"
    return roles


def cells(rows: Sequence[Sequence[str]], index: int) -> list[str]:
    """What stands in a column, where something does."""
    return [row[index].strip() for row in rows if index < len(row) and row[index].strip()]


def is_dialled(cell: str) -> bool:
    """Does it look like a telephone number, and not like any number?"""
    figures = sum(map(str.isdecimal, cell))
    return 6 <= figures <= 15 and cell.lstrip("'=\" ")[:1] in ("+", "0", "(") and figures * 2 > len(cell)


def _are_dialled(some: Sequence[str]) -> bool:
    return bool(some) and sum(map(is_dialled, some)) * 2 > len(some)


def propose(rows: Sequence[Sequence[str]]) -> tuple[list[str], bool]:
    """What the columns of rows may be where their heads do not say who somebody is; and does the first name them?"""
    first, below = rows[0], rows[1:] or rows
    count = max(map(len, rows))
    heads = roles_of(first, below) + [""] * (count - len(first))
    headed = any(heads) and not any(is_dialled(cell) or "@" in cell for cell in first)
    roles = heads if headed else [""] * count
    for index in range(count):
        some = cells(below, index)
        if not roles[index] and _are_dialled(some):
            roles[index] = PHONES
        elif not roles[index] and some and all("@" in cell for cell in some):
            roles[index] = WAYS
    headed = headed or any(
        role in (PHONES, WAYS) and not (is_dialled(cell) or "@" in cell)
        for role, cell in zip(roles, first, strict=False)
        if cell.strip()
    )
    free = [index for index in range(count) if not roles[index] and any(map(_has_letters, cells(below, index)))]
    if not NAMES & set(roles) and free:
        roles[free[0]] = "name"
        if len(free) == count == 2 and all(row[1][:1] == " " for row in rows if len(row) > 1):  # Berg, Anna
            roles[:] = FAMILY, GIVEN
    return roles, headed


def _has_letters(cell: str) -> bool:
    return any(map(str.isalpha, cell))
