"""A CSV file of people: every way that spreadsheets write one, and what is wrong with a line."""

import pytest

from lms_box.accounts.roster import Entry, read_roster
from lms_box.errors import Invalid


@pytest.mark.parametrize(
    "raw",
    [
        b"email,name,role\nada@example.org,Ada,admin\nbob@example.org,,\n",
        b"\xef\xbb\xbfE-Mail;Name;Role\r\nada@example.org;Ada;Admin\r\n;;\r\nbob@example.org;;\r\n",
        b"name\trole\temail\tphone\nAda\tadmin\tada@example.org\t1\n\t\tbob@example.org\t\n\n",
    ],
)
def test_reads_what_spreadsheets_write(raw: bytes) -> None:
    ada, bob = Entry("ada@example.org", "Ada", "admin", None), Entry("bob@example.org", "", "user", None)
    assert read_roster(raw) == [ada, bob]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "email"),
        (b"name,role\nAda,user\n", "email"),
        (b"email\nada@example.org\nnobody\n", "Line 3: 'nobody'"),
        (b"email,role\nada@example.org,owner\n", "Line 2: the role 'owner'"),
        (b"email,password\nada@example.org,short\n", "Line 2: Please take at least"),
        (b"email\nada@example.org\nADA@example.org\n", "Line 3: ADA@example.org stands in the file twice"),
        ("email,name\nada@example.org,J\u00f6rg\n".encode("latin-1"), "UTF-8"),
        (b"email\n\x00\n", "no CSV"),
        (b'email\n"ada@example.org\n', "Line 2"),
    ],
)
def test_says_which_line_is_wrong(raw: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_roster(raw)
