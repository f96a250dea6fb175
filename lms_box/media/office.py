"""Turns a deck into a PDF by LibreOffice, where that is installed, after taking out of it whatever could fetch or run."""

import os
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from lms_box.media.limits import MIB, less_address_space

PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
EXPORT = 'pdf:impress_pdf_Export:{"ExportHiddenSlides":{"type":"boolean","value":"true"}}'
PATIENCE = 90.0
PATIENCE_PER_SLIDE = 2.0
ADDRESS_SPACE = 4096 * MIB
NOWHERE = "http://127.0.0.1:9"
ACTIVE_PARTS = ("ppt/vbaproject", "ppt/activex/", "ppt/embeddings/", "ppt/ctrlprops/", "customui/", "ppt/vbadata")
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
ITEM = '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Inet/Settings", "ooInetProxyType", "1"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def find_office() -> str | None:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def write_slides_pdf(deck: Path, target: Path, *, slides: int, waited: Callable[[], None]) -> bool:
    """Whether there is a PDF now; a deck that LibreOffice cannot do is no failure."""
    program = find_office()
    if program is None:
        return False
    with tempfile.TemporaryDirectory(prefix="lms-slides-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        try:
            write_harmless(deck, home / "deck.pptx")
            made = run_office(program, home, until=time.monotonic() + PATIENCE + PATIENCE_PER_SLIDE * slides, waited=waited)
        except (OSError, ValueError, RuntimeError, zipfile.BadZipFile, etree.LxmlError):
            return False
        if made is not None:
            shutil.move(made, target)
    return made is not None


def run_office(program: str, home: Path, *, until: float, waited: Callable[[], None]) -> Path | None:
    """Its processes belong to the group of this one, which ends with it."""
    profile = home / "profile"
    write_profile(profile)
    wishes = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard", "--nologo"]
    place = f"-env:UserInstallation={profile.as_uri()}"
    command = [program, place, *wishes, "--convert-to", EXPORT, "--outdir", str(home), str(home / "deck.pptx")]
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    environment |= {"HOME": str(home), "TMPDIR": str(home), "http_proxy": NOWHERE, "https_proxy": NOWHERE, "ftp_proxy": NOWHERE}
    with less_address_space(ADDRESS_SPACE):
        office = subprocess.Popen(  # noqa: S603  # a program of this machine, on a file of our own
            command, cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    while office.poll() is None:
        if time.monotonic() > until:
            office.kill()
            office.wait()
            return None
        waited()
        time.sleep(0.1)
    made = home / "deck.pdf"
    return made if office.returncode == 0 and made.is_file() else None


def write_profile(folder: Path) -> None:
    """No macros, no active content, and a proxy that is not there, so that nothing can be fetched."""
    (folder / "user").mkdir(parents=True)
    items = "".join(ITEM.format(path=path, name=name, value=value) for path, name, value in SETTINGS)
    head = '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    (folder / "user" / "registrymodifications.xcu").write_text(f"{head}{items}</oor:items>", encoding="utf-8")


def write_harmless(deck: Path, target: Path) -> None:
    """The deck without macros, controls, embedded files, and links that are followed without a click."""
    with zipfile.ZipFile(deck) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as written:
        for part in archive.infolist():
            if part.filename.lower().startswith(ACTIVE_PARTS):
                continue
            data = archive.read(part)
            written.writestr(part.filename, without_outside(data) if part.filename.endswith(".rels") else data)


def without_outside(relations: bytes) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    tree = etree.fromstring(relations, parser)
    for relation in list(tree.iter(RELATIONSHIP)):
        parent = relation.getparent()
        if parent is not None and (_leads_outside(relation) or _leads_to_active(relation)):
            parent.remove(relation)
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))


def _leads_outside(relation: etree._Element) -> bool:
    """Links of the text stay: they wait for a click."""
    outside = relation.get("TargetMode") == "External" or "://" in (relation.get("Target") or "")
    return outside and not (relation.get("Type") or "").endswith("/hyperlink")


def _leads_to_active(relation: etree._Element) -> bool:
    target = (relation.get("Target") or "").lower().lstrip("./").removeprefix("ppt/")
    return target.startswith(tuple(part.removeprefix("ppt/") for part in ACTIVE_PARTS))
