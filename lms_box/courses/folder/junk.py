"""What in a folder is nobody's lesson: hidden files, what systems and downloads leave behind."""

import re

from lms_box.courses.folder.document import Because


def _left_by(whom: str) -> Because:
    return Because(f"left behind by {whom}", "left_behind")


INSTALLED = Because("installed programs of a project", "installed")
IN_A_BIN = Because("in a bin", "in_a_bin")
JUNK_FOLDERS = {
    ".git": Because("the history of a repository", "repository"),
    "node_modules": INSTALLED,
    "__macosx": _left_by("macOS"),
    "__pycache__": _left_by("Python"),
    "@eadir": _left_by("a NAS"),
    "#recycle": IN_A_BIN,
    "$recycle.bin": IN_A_BIN,
    "lost+found": _left_by("the file system"),
    "system volume information": _left_by("Windows"),
    "venv": INSTALLED,
}
JUNK_FILES = {
    ".ds_store": _left_by("macOS"),
    "icon\r": _left_by("macOS"),
    "thumbs.db": _left_by("Windows"),
    "ehthumbs.db": _left_by("Windows"),
    "desktop.ini": _left_by("Windows"),
}
_PARTIAL = re.compile(
    r"\.(?:part|partial|crdownload|download|opdownload|filepart|aria2|ytdl|tmp|temp|!ut|!qb|!bt|bc!)$|\.part-frag\d+(?:\.part)?$"
)
_LEFT_OPEN = re.compile(r"^~\$|~$|\.sw[op]$|^\.~lock\..*#$")
_NO_USE = re.compile(r"\.(?:torrent|lnk|sfv|par2|url~|nfo)$")
_SAMPLE = re.compile(r"(?:^|[-.])sample$")


def is_junk_folder(name: str) -> bool:
    return _folder_because(name) is not None


def junk_reason(path: str) -> Because | None:
    """Why a file is left out by its name alone; None when it may be of use."""
    *folders, name = path.split("/")
    for folder in folders:
        because = _folder_because(folder)
        if because:
            return because
    return _file_because(name)


def sample_reason(folders: tuple[str, ...], stem: str) -> Because | None:
    """Only for videos: the short piece that comes with a download, never a numbered lesson called Sample."""
    if _SAMPLE.search(stem.casefold()) or (folders and folders[-1].casefold() == "sample"):
        return Because("a sample of a video", "sample")
    return None


def _folder_because(folder: str) -> Because | None:
    known = JUNK_FOLDERS.get(folder.casefold())
    return known or (Because("in a hidden folder", "hidden") if folder.startswith(".") else None)


def _file_because(name: str) -> Because | None:
    folded = name.casefold()
    if folded in JUNK_FILES:
        return JUNK_FILES[folded]
    if _PARTIAL.search(folded):
        return Because("a download that is not complete", "incomplete")
    if _LEFT_OPEN.search(folded):
        return _left_by("an open editor")
    if name.startswith("."):
        return Because("hidden", "hidden")
    return Because("of use to a computer only", "of_no_use") if _NO_USE.search(folded) else None
