"""E-mail addresses: what is one, and when two of them are the same. No name server is asked."""

import re
import unicodedata

LONGEST = 254
LONGEST_LOCAL = 64
LONGEST_LABEL = 63
# By what is no part of them: to compile the sets of all letters would take longer than a library.
ATOM = re.compile(r"""[^\x00-\x20"(),.:;<>@\[\\\]\x7f]+""")
LABEL = re.compile(r"(?!-)[^\x00-,./:-@\[-`{-\x7f]+(?<!-)")


def tidy_email(text: str) -> str:
    """The address as typed, without blanks around it; ValueError says what is wrong with it."""
    email = unicodedata.normalize("NFC", text.strip())
    local, at, domain = email.rpartition("@")
    if not at:
        raise ValueError("an e-mail address has an @ in it")
    if not (_is_local(local) and _is_domain(domain) and _is_plain(email)) or len(email.encode()) > LONGEST:
        raise ValueError("this is not an e-mail address")
    return email


def email_key(email: str) -> str:
    """Equal for addresses that people take for the same: ADA@Example.org and ada@example.org."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", email.strip()).casefold())


def _is_local(local: str) -> bool:
    return len(local.encode()) <= LONGEST_LOCAL and all(ATOM.fullmatch(atom) for atom in local.split("."))


def _is_domain(domain: str) -> bool:
    return all(len(label.encode()) <= LONGEST_LABEL and LABEL.fullmatch(label) for label in domain.split("."))


def _is_plain(email: str) -> bool:
    """Beyond ASCII only letters, marks and digits: nothing invisible, no other blanks, no look-alike signs."""
    return all(letter.isascii() or unicodedata.category(letter)[0] in "LMN" for letter in email)
