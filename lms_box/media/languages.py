"""Languages by their codes, and their names as their speakers write them."""

import re

# ISO 639-1, the 639-2 codes (bibliographic and terminological), English name, own name.
_TABLE = """
af afr Afrikaans Afrikaans|am amh Amharic አማርኛ|ar ara Arabic العربية|az aze Azerbaijani Azərbaycan|be bel Belarusian Беларуская
bg bul Bulgarian Български|bn ben Bengali বাংলা|bs bos Bosnian Bosanski|ca cat Catalan Català|cs ces,cze Czech Čeština
cy cym,wel Welsh Cymraeg|da dan Danish Dansk|de deu,ger German Deutsch|el ell,gre Greek Ελληνικά|en eng English English
eo epo Esperanto Esperanto|es spa Spanish Español|et est Estonian Eesti|eu eus,baq Basque Euskara|fa fas,per Persian فارسی
fi fin Finnish Suomi|fil fil Filipino Filipino|fr fra,fre French Français|ga gle Irish Gaeilge|gl glg Galician Galego
gu guj Gujarati ગુજરાતી|he heb Hebrew עברית|hi hin Hindi हिन्दी|hr hrv Croatian Hrvatski|hu hun Hungarian Magyar
hy hye,arm Armenian Հայերեն
id ind Indonesian Indonesia|is isl,ice Icelandic Íslenska|it ita Italian Italiano|ja jpn Japanese 日本語
ka kat,geo Georgian ქართული
kk kaz Kazakh Қазақ|km khm Khmer ខ្មែរ|kn kan Kannada ಕನ್ನಡ|ko kor Korean 한국어
la lat Latin Latina|lt lit Lithuanian Lietuvių|lv lav Latvian Latviešu|mk mkd,mac Macedonian Македонски|ml mal Malayalam മലയാളം
mn mon Mongolian Монгол|mr mar Marathi मराठी|ms msa,may Malay Melayu|my mya,bur Burmese မြန်မာ|nb nob Norwegian Bokmål
ne nep Nepali नेपाली|nl nld,dut Dutch Nederlands|nn nno Nynorsk Nynorsk|no nor Norwegian Norsk|pa pan Punjabi ਪੰਜਾਬੀ
pl pol Polish Polski|ps pus Pashto پښتو|pt por Portuguese Português|ro ron,rum Romanian Română|ru rus Russian Русский
si sin Sinhala සිංහල|sk slk,slo Slovak Slovenčina|sl slv Slovenian Slovenščina|sq sqi,alb Albanian Shqip|sr srp Serbian Српски
sv swe Swedish Svenska|sw swa Swahili Kiswahili|ta tam Tamil தமிழ்|te tel Telugu తెలుగు|th tha Thai ไทย
tl tgl Tagalog Tagalog|tr tur Turkish Türkçe|uk ukr Ukrainian Українська|ur urd Urdu اردو|uz uzb Uzbek O‘zbek
vi vie Vietnamese Việt|zh zho,chi Chinese 中文
"""
UNKNOWN = "und"

_OWN_NAME: dict[str, str] = {}
_CODE: dict[str, str] = {}
for _row in _TABLE.replace("\n", "|").strip("|").split("|"):
    _code, _long, _english, _own = _row.split(" ")
    _OWN_NAME[_code] = _own
    for _key in (_code, *_long.split(","), _english.casefold(), _own.casefold()):
        _CODE[_key] = _code


def find_language(word: str | None) -> str | None:
    """The BCP 47 tag of a code or a name, such as "en", "eng", "pt-BR", "pt_br", "German" or "Deutsch"."""
    if not word:
        return None
    base, *rest = re.split(r"[-_]", word.strip().casefold())
    code = _CODE.get(base)
    if code is None or not all(re.fullmatch(r"[a-z]{2}|[a-z]{4}|\d{3}", part) for part in rest):
        return None
    return "-".join([code, *(part.title() if len(part) == 4 else part.upper() for part in rest)])


def language_label(tag: str | None) -> str:
    if not tag or tag == UNKNOWN:
        return "Captions"
    base, _, rest = tag.partition("-")
    name = _OWN_NAME.get(base, tag)
    return f"{name} ({rest})" if rest and base in _OWN_NAME else name


def language_in_name(name: str) -> str | None:
    """The language that a file name ends with: `x.en.vtt`, `x_en.srt`, `x English.srt`, `x (de).srt`."""
    stem = name.rpartition(".")[0] or name
    words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", stem)
    if len(words) < 2:
        return find_language(words[0]) if words else None
    return find_language("-".join(words[-2:])) or find_language(words[-1])
