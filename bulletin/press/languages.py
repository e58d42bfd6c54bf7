"""What a sheet says by itself, and its quotation marks, in the languages we know.

A language that is not here is set with its own hyphenation and date, and with English fixed words.
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Language:
    """The fixed words of a sheet. `quotes`: outer and inner pair, after CLDR's delimiters."""

    quotes: str
    number: str
    free: str
    from_the_floor: str
    written_by: str
    turn_over: str
    reply: str
    reply_words: str
    ask: str
    code: str
    picture: str
    slip: str


# Languages whose letters our faces have, all that CLDR writes its names and dates with: those that a paper can be in.
# Asking CLDR itself would load all of its languages; a test asks it.
CAN_BE_SET = frozenset((
    "aa", "af", "an", "az", "be", "bg", "br", "bs", "ca", "co", "cs", "cy", "da", "de", "el", "en", "eo",
    "es", "et", "eu", "fi", "fo", "fr", "fy", "ga", "gd", "gl", "gn", "gv", "hr", "ht", "hu", "ia", "id",
    "ie", "ig", "io", "is", "it", "jv", "ki", "kk", "kl", "ku", "kw", "ky", "la", "lb", "lg", "lt", "lv",
    "mg", "mi", "mk", "mn", "ms", "mt", "nb", "nd", "nl", "nn", "no", "nr", "nv", "ny", "oc", "om", "pl",
    "pt", "qu", "rm", "rn", "ro", "ru", "rw", "sc", "se", "sg", "sk", "sl", "sn", "so", "sq", "sr", "ss",
    "st", "su", "sv", "sw", "tk", "tl", "tn", "to", "tr", "ts", "tt", "uk", "uz", "vi", "vo", "wa", "wo",
    "xh", "za", "zu",
))  # fmt: skip

DOTTED = ("tr", "az")  # whose capital of i is İ

_ENGLISH = Language(
    quotes="“|”|‘|’",
    number="No.",
    free="Free. Pass it on.",
    from_the_floor="From the floor",
    written_by="Written by the people who work here.",
    turn_over="Turn over",
    reply="Write to us",
    reply_words="A story, a question, a correction: it all belongs in here.",
    ask="or ask whoever gave you this",
    code="QR code of the address",
    picture="Picture",
    slip="Write it here, tear it off, hand it back.",
)

_WORDS = {
    "en": _ENGLISH,
    "es": Language(
        quotes="«|»|“|”",
        number="N.º",
        free="Gratis. Pásalo.",
        from_the_floor="Desde abajo",
        written_by="Escrito por quienes trabajamos aquí.",
        turn_over="Sigue detrás",
        reply="Escríbenos",
        reply_words="Una historia, una pregunta, una corrección: todo cabe aquí.",
        ask="o pregunta a quien te dio esta hoja",
        code="Código QR de la dirección",
        picture="Imagen",
        slip="Escríbelo aquí, recórtalo y devuélvelo.",
    ),
    "fr": Language(
        quotes="«\u202f|\u202f»|“|”",
        number="Nº",
        free="Gratuit. Faites passer.",
        from_the_floor="Paroles d’en bas",
        written_by="Écrit par celles et ceux qui travaillent ici.",
        turn_over="Suite au verso",
        reply="Écrivez-nous",
        reply_words="Une histoire, une question, une correction : tout a sa place ici.",
        ask="ou demandez à qui vous a donné cette feuille",
        code="Code QR de l’adresse",
        picture="Image",
        slip="Écrivez ici, détachez, rendez-le.",
    ),
    "pl": Language(
        quotes="„|”|«|»",
        number="Nr",
        free="Bezpłatnie. Podaj dalej.",
        from_the_floor="Głosy z hali",
        written_by="Piszą ci, którzy tu pracują.",
        turn_over="Verte",
        reply="Napisz do nas",
        reply_words="Historia, pytanie, sprostowanie: na wszystko jest tu miejsce.",
        ask="albo zapytaj osobę, która dała ci tę kartkę",
        code="Kod QR adresu",
        picture="Zdjęcie",
        slip="Napisz tutaj, oderwij, oddaj nam.",
    ),
    "de": Language(
        quotes="„|“|‚|‘",
        number="Nr.",
        free="Kostenlos. Weitergeben.",
        from_the_floor="Aus dem Betrieb",
        written_by="Geschrieben von denen, die hier arbeiten.",
        turn_over="Bitte wenden",
        reply="Schreib uns",
        reply_words="Eine Geschichte, eine Frage, eine Berichtigung: alles hat hier Platz.",
        ask="oder frag, wer dir das Blatt gegeben hat",
        code="QR-Code der Adresse",
        picture="Bild",
        slip="Hier aufschreiben, abtrennen, zurückgeben.",
    ),
    "it": Language(
        quotes="«|»|“|”",
        number="N.",
        free="Gratis. Fallo girare.",
        from_the_floor="Voci dal reparto",
        written_by="Scritto da chi lavora qui.",
        turn_over="Continua sul retro",
        reply="Scrivici",
        reply_words="Una storia, una domanda, una correzione: qui c’è posto per tutto.",
        ask="o chiedi a chi ti ha dato questo foglio",
        code="Codice QR dell’indirizzo",
        picture="Immagine",
        slip="Scrivilo qui, ritaglia, restituisci.",
    ),
    "pt": Language(
        quotes="“|”|‘|’",
        number="N.º",
        free="Grátis. Passa adiante.",
        from_the_floor="Vozes da base",
        written_by="Escrito por quem trabalha aqui.",
        turn_over="Continua no verso",
        reply="Escreve-nos",
        reply_words="Uma história, uma pergunta, uma correção: tudo tem lugar aqui.",
        ask="ou pergunta a quem te deu esta folha",
        code="Código QR do endereço",
        picture="Imagem",
        slip="Escreve aqui, recorta, devolve.",
    ),
    "nl": Language(
        quotes="‘|’|“|”",
        number="Nr.",
        free="Gratis. Geef door.",
        from_the_floor="Van de werkvloer",
        written_by="Geschreven door wie hier werkt.",
        turn_over="Zie ommezijde",
        reply="Schrijf ons",
        reply_words="Een verhaal, een vraag, een verbetering: alles hoort hier thuis.",
        ask="of vraag het wie je dit gaf",
        code="QR-code van het adres",
        picture="Afbeelding",
        slip="Schrijf het hier, scheur af, geef terug.",
    ),
    "tr": Language(
        quotes="“|”|‘|’",
        number="Sayı",
        free="Ücretsizdir. Elden ele verin.",
        from_the_floor="İş yerinden",
        written_by="Burada çalışanlar yazdı.",
        turn_over="Arka sayfaya bakın",
        reply="Bize yazın",
        reply_words="Bir hikâye, bir soru, bir düzeltme: hepsinin yeri burası.",
        ask="ya da bunu size verene sorun",
        code="Adresin QR kodu",
        picture="Resim",
        slip="Buraya yazın, koparın, geri verin.",
    ),
    "vi": Language(
        quotes="“|”|‘|’",
        number="Số",
        free="Miễn phí. Hãy chuyền tay.",
        from_the_floor="Tiếng nói từ xưởng",
        written_by="Do những người làm việc ở đây viết.",
        turn_over="Xem mặt sau",
        reply="Viết cho chúng tôi",
        reply_words="Một câu chuyện, một câu hỏi, một lời đính chính: tất cả đều có chỗ ở đây.",
        ask="hoặc hỏi người đã đưa bạn tờ này",
        code="Mã QR của địa chỉ",
        picture="Hình ảnh",
        slip="Viết vào đây, xé ra, gửi lại.",
    ),
    "el": Language(
        quotes="«|»|“|”",
        number="Αρ.",
        free="Δωρεάν. Δώσ’ το παρακάτω.",
        from_the_floor="Από τη βάση",
        written_by="Γραμμένο από όσους δουλεύουν εδώ.",
        turn_over="Γύρνα σελίδα",
        reply="Γράψε μας",
        reply_words="Μια ιστορία, μια ερώτηση, μια διόρθωση: όλα χωράνε εδώ.",
        ask="ή ρώτα όποιον σου το έδωσε",
        code="Κωδικός QR της διεύθυνσης",
        picture="Εικόνα",
        slip="Γράψ’ το εδώ, κόψ’ το, δώσ’ το πίσω.",
    ),
    "ru": Language(
        quotes="«|»|„|“",
        number="№",
        free="Бесплатно. Передай дальше.",
        from_the_floor="Голоса снизу",
        written_by="Пишут те, кто здесь работает.",
        turn_over="Смотри на обороте",
        reply="Напиши нам",
        reply_words="История, вопрос, поправка: здесь есть место всему.",
        ask="или спроси того, кто дал тебе этот листок",
        code="QR-код адреса",
        picture="Изображение",
        slip="Напиши здесь, оторви, верни.",
    ),
    "uk": Language(
        quotes="«|»|„|“",
        number="№",
        free="Безкоштовно. Передай далі.",
        from_the_floor="Голоси знизу",
        written_by="Пишуть ті, хто тут працює.",
        turn_over="Дивись на звороті",
        reply="Напиши нам",
        reply_words="Історія, питання, виправлення: тут є місце всьому.",
        ask="або спитай того, хто дав тобі цей аркуш",
        code="QR-код адреси",
        picture="Зображення",
        slip="Напиши тут, відірви, поверни.",
    ),
    "ro": Language(
        quotes="„|”|«|»",
        number="Nr.",
        free="Gratuit. Dă mai departe.",
        from_the_floor="De jos",
        written_by="Scris de cei care lucrează aici.",
        turn_over="Continuă pe verso",
        reply="Scrie-ne",
        reply_words="O poveste, o întrebare, o corectură: toate au loc aici.",
        ask="sau întreabă pe cine ți-a dat foaia",
        code="Codul QR al adresei",
        picture="Imagine",
        slip="Scrie aici, rupe, dă înapoi.",
    ),
}


def words(language: str) -> Language:
    """The fixed words for a BCP 47 tag, by its first part."""
    return _WORDS.get(language.split("-")[0].lower(), _ENGLISH)


def spoken(language: str) -> str:
    """The tag of the language that `words(language)` are in."""
    first = language.split("-")[0].lower()
    return first if first in _WORDS else "en"


def capitals(text: str, language: str) -> str:
    """A text in the capitals of its language."""
    return (text.replace("i", "İ") if is_dotted(language) else text).upper()


def is_dotted(language: str) -> bool:
    """Is a capital I in this language another letter than that of i? Style sheets do not know on paper."""
    return language.split("-")[0].lower() in DOTTED
