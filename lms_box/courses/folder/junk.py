"""What in a folder is nobody's lesson: hidden files, what systems and downloads leave behind."""

import re

JUNK_FOLDERS = {
    ".git": "the history of a repository",
    "node_modules": "installed programs of a project",
    "__macosx": "left behind by macOS",
    "__pycache__": "left behind by Python",
    "@eadir": "left behind by a NAS",
    "#recycle": "in a bin",
    "$recycle.bin": "in a bin",
    "lost+found": "left behind by the file system",
    "system volume information": "left behind by Windows",
    "venv": "installed programs of a project",
}
JUNK_FILES = {
    ".ds_store": "left behind by macOS",
    "icon\r": "left behind by macOS",
    "thumbs.db": "left behind by Windows",
    "ehthumbs.db": "left behind by Windows",
    "desktop.ini": "left behind by Windows",
}
_PARTIAL = re.compile(
    r"\.(?:part|partial|crdownload|download|opdownload|filepart|aria2|ytdl|tmp|temp|!ut|!qb|!bt|bc!)$|\.part-frag\d+(?:\.part)?$"
)
_LEFT_OPEN = re.compile(r"^~\$|~$|\.sw[op]$|^\.~lock\..*#$")
_NO_USE = re.compile(r"\.(?:torrent|lnk|sfv|par2|url~|nfo)$")
_SAMPLE = re.compile(r"(?:^|[-.])sample$")


def is_junk_folder(name: str) -> bool:
    return _folder_reason(name) is not None


def junk_reason(path: str) -> str | None:
    """Why a file is left out by its name alone; None when it may be of use."""
    *folders, name = path.split("/")
    for folder in folders:
        reason = _folder_reason(folder)
        if reason:
            return reason
    return _file_reason(name)


def sample_reason(folders: tuple[str, ...], stem: str) -> str | None:
    """Only for videos: the short piece that comes with a download, never a numbered lesson called Sample."""
    if _SAMPLE.search(stem.casefold()) or (folders and folders[-1].casefold() == "sample"):
        return "a sample of a video"
    return None


def _folder_reason(folder: str) -> str | None:
    known = JUNK_FOLDERS.get(folder.casefold())
    return known or ("in a hidden folder" if folder.startswith(".") else None)


def _file_reason(name: str) -> str | None:
    folded = name.casefold()
    if folded in JUNK_FILES:
        return JUNK_FILES[folded]
    if _PARTIAL.search(folded):
        return "a download that is not complete"
    if _LEFT_OPEN.search(folded):
        return "left behind by an open editor"
    if name.startswith("."):
        return "hidden"
    return "of use to a computer only" if _NO_USE.search(folded) else None
