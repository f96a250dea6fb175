"""Turns bytes of any charset into text."""

import codecs

from charset_normalizer import from_bytes

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What people's old tools wrote; each is tried before the long tail of charsets that resemble them.
LIKELY = [
    "cp1252", "cp1251", "cp1250", "shift_jis", "cp932", "euc_jp", "gb18030", "big5", "euc_kr", "cp949",
    "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "koi8_r", "cp874", "utf_16_le", "utf_16_be",
]  # fmt: skip
GUESSED_FROM = 200_000


def decode_text(data: bytes) -> str:
    """Never fails: what no charset explains is read as UTF-8 with marks for the unreadable."""
    for mark, charset in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(charset, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(guess_charset(data), "replace")


def guess_charset(data: bytes) -> str:
    """cp1252 where it explains as much as its neighbours of cp125x, which differ from it in a few letters."""
    matches = from_bytes(data[:GUESSED_FROM], cp_isolation=LIKELY)
    best = matches.best()
    if best is None:
        return "utf-8"
    western = next((each for each in matches if each.encoding == "cp1252" or "cp1252" in each.could_be_from_charset), None)
    latin = best.encoding in ("cp1250", "cp1254", "cp1257", "cp1258")
    return "cp1252" if latin and western and western.chaos <= best.chaos + 0.01 else best.encoding
