"""Finds out whether a recording is encrypted, so that people hear that instead of "damaged"."""

from __future__ import annotations

from pathlib import Path

from av.container import InputContainer

from lms_box.media.boxes import find_box_types
from lms_box.media.failures import MediaFailed
from lms_box.media.sniff import Look

ENCRYPTED = "This file is encrypted (DRM). Please use a copy without protection."
PROTECTED_ENTRIES = {b"encv", b"enca", b"enct", b"encs", b"drms", b"drmi", b"drmt"}
# Content Encryption Object and Extended Content Encryption Object (Advanced Systems Format, 3.14 and 3.15).
WINDOWS_LOCKS = (
    bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e"),
    bytes.fromhex("14e68a292226174cb935dae07ee9289c"),
)
HEAD = 256 * 1024
TS_PACKET = 188


def refuse_encrypted(source: Path, look: Look, container: InputContainer | None = None) -> None:
    if is_encrypted(source, look, container):
        raise MediaFailed(ENCRYPTED, "recording_encrypted")


def is_encrypted(source: Path, look: Look, container: InputContainer | None) -> bool:
    if look.container == "mov":
        return bool(find_box_types(source) & PROTECTED_ENTRIES)
    if look.container == "matroska":
        return container is not None and any("enc_key_id" in stream.metadata for stream in container.streams)
    if look.container in ("asf", "mpegts"):
        with source.open("rb") as file:
            head = file.read(HEAD)
        return any(lock in head for lock in WINDOWS_LOCKS) if look.container == "asf" else is_scrambled(head)
    return False


def is_scrambled(head: bytes) -> bool:
    """Most packets of a transport stream say that their payload is scrambled (ISO/IEC 13818-1, 2.4.3.3)."""
    first = next((at for at in range(TS_PACKET) if _in_step(head, at)), None)
    if first is None:
        return False
    controls = [head[at + 3] >> 6 for at in range(first, len(head) - 4, TS_PACKET) if head[at] == 0x47]
    return sum(control >= 2 for control in controls) * 2 > len(controls)


def _in_step(head: bytes, at: int) -> bool:
    return len(head) > at + 3 * TS_PACKET and all(head[at + step * TS_PACKET] == 0x47 for step in range(3))
