"""The words that people write before a number, and numbers that are written as words, in many languages."""

_WORDS = """
section chapter part vol lesson lecture module week day unit episode ep video class session topic step lec chap ch
sec volume mod wk pt lektion kapitel teil modul woche tag abschnitt folge vorlesung einheit stunde schritt leçon lecon
chapitre partie semaine jour séance seance cours unité unite épisode étape lección leccion capítulo capitulo parte módulo
modulo semana día dia clase unidad tema sesión sesion episodio sección seccion paso aula lição licao unidade
seção sessão lezione capitolo settimana giorno unità sezione puntata passo les hoofdstuk deel dag sectie hoorcollege del
vecka avsnitt leksjon kapittel uke lektioner uge afsnit luento luku viikko osa päivä lekcja rozdział część moduł
tydzień dzień wykład odcinek lekce kapitola část týden den díl lekcia časť lecke fejezet rész hét nap lecția lectia
capitolul capitol partea săptămâna ders bölüm hafta gün ünite modül kısım konu урок лекция глава часть модуль неделя
день раздел занятие тема видео серия эпизод шаг семинар лекція розділ частина тиждень заняття лекции седмица ден
поглавље лекција час недеља μάθημα κεφάλαιο ενότητα μέρος εβδομάδα διάλεξη الدرس درس الفصل فصل المحاضرة محاضرة
الوحدة وحدة الجزء جزء الأسبوع أسبوع اليوم يوم الحلقة حلقة القسم قسم جلسه قسمت بخش هفته روز שיעור פרק יחידה חלק שבוע
יום הרצאה מודול מפגש पाठ अध्याय भाग इकाई सप्ताह दिन व्याख्यान পাঠ অধ্যায় পর্ব บทที่ บท ตอนที่ สัปดาห์ที่ bài chương
phần tuần ngày buổi pelajaran bab bagian minggu hari pertemuan レッスン レクチャー チャプター パート セクション 课时
課時 模块 강의 챕터 레슨 파트 섹션
"""
WORDS = frozenset(_WORDS.split())

_ENGLISH = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
ENGLISH_NUMBERS = {word: value for value, word in enumerate(_ENGLISH.split())}

_HAN_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_HAN_UNITS = {"十": 10, "百": 100}
HAN = "".join(_HAN_DIGITS) + "".join(_HAN_UNITS)
HAN_COUNTERS = "单元|單元|部分|课时|課時|日目|週目|时限|[课課章节節讲講回话話集周週天日部篇期步编編卷季关關]"
HANGUL_COUNTERS = "주차|일차|단원|차시|교시|[강장과회화부편]"

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}


def han_number(text: str) -> int:
    """From 一 to 九百九十九, in digits (一二 is 12) or with tens and hundreds."""
    if not any(character in _HAN_UNITS for character in text):
        return int("".join(str(_HAN_DIGITS[character]) for character in text))
    total, digit = 0, 0
    for character in text:
        if character in _HAN_UNITS:
            total, digit = total + (digit or 1) * _HAN_UNITS[character], 0
        else:
            digit = _HAN_DIGITS[character]
    return total + digit


def roman_number(text: str) -> int | None:
    """None when no Roman would write it so."""
    values = [_ROMAN[character] for character in text.upper()]
    total = sum(-value if value < max(values[at + 1 :], default=0) else value for at, value in enumerate(values))
    return total if 0 < total < 90 and _as_roman(total) == text.upper() else None


def _as_roman(number: int) -> str:
    written = ""
    for value, letters in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        written += letters * (number // value)
        number %= value
    return written
