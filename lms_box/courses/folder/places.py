"""What the name of a folder says about the files in it: lessons, material, captions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from lms_box.courses.folder.entries import Entry, Folder
from lms_box.courses.folder.numbers import read_number
from lms_box.courses.folder.titles import readable, spaced

_MATERIAL = """
resources resource res code codes source_code sourcecode src source_files data dataset datasets fig figs figures
files file images image img imgs pictures pics attachments attachment downloads exercise_files exercisefiles
project_files starter_files starter_code starter scripts lib libs include bin css js fonts styles icons thumbnails
supplementary_files lecture_files material materials course_materials ресурсы материалы файлы код ressourcen dateien
materialien recursos archivos ressources fichiers 资料 素材 代码 課件 课件 資料 자료 משאבים קבצים ملفات موارد
"""
MATERIAL = frozenset(name.replace("_", " ") for name in _MATERIAL.split())
_CAPTIONS = "subs sub subtitles subtitle captions caption cc srt vtt untertitel субтитры 字幕"
CAPTIONS = frozenset(_CAPTIONS.split())
HOLDERS = {"static", "assets", "asset", "media", "public", "uploads"}
PROJECTS = {
    "package.json", "pyproject.toml", "setup.py", "pom.xml", "build.gradle", "cargo.toml", "go.mod", "makefile",
    "cmakelists.txt", "composer.json", "gemfile",
}  # fmt: skip


@lru_cache(maxsize=1024)
def plain_name(folder: str) -> str:
    reading = read_number(readable(folder))
    return spaced(reading.rest or folder).casefold()


def is_caption_place(folder: str) -> bool:
    return plain_name(folder) in CAPTIONS


def _is_material(folder: str) -> bool:
    return plain_name(folder) in MATERIAL or folder.endswith("_files")


@dataclass
class Places:
    """`projects` are folders of program code, whose pages and notes are no lessons."""

    projects: set[Folder] = field(default_factory=set)
    taught: set[Folder] = field(default_factory=set)
    """Numbered folders with recordings, such as "05 Code": sections, whatever they are called."""
    material_counts: bool = True
    _known: dict[Folder, int | None] = field(default_factory=dict)

    def is_material(self, folder: Folder) -> bool:
        return self.material_counts and self._material_at(folder) is not None

    def owner(self, folder: Folder) -> Folder:
        """The folder that a file to take along belongs to: the one that holds its `resources`, `static` or `subs`."""
        for at, name in enumerate(folder):
            holds = plain_name(name) in HOLDERS or is_caption_place(name) or self._is_named_material(folder, at)
            if (self.material_counts and holds) or folder[: at + 1] in self.projects:
                return folder[:at]
        return folder

    def _material_at(self, folder: Folder) -> int | None:
        if folder not in self._known:
            steps = range(len(folder))
            self._known[folder] = next(
                (at for at in steps if self._is_named_material(folder, at) or folder[: at + 1] in self.projects), None
            )
        return self._known[folder]

    def _is_named_material(self, folder: Folder, at: int) -> bool:
        return _is_material(folder[at]) and folder[: at + 1] not in self.taught


def find_places(entries: Iterable[Entry]) -> Places:
    """Where material is all there is, it is the course."""
    listed = list(entries)
    places = Places(_projects(listed), _taught(listed))
    lessons = [entry for entry in listed if entry.is_lesson]
    if lessons and all(places.is_material(entry.folder) for entry in lessons):
        places.material_counts = False
    return places


def _taught(entries: list[Entry]) -> set[Folder]:
    folders = {entry.folder for entry in entries if entry.is_recording}
    return {folder for folder in folders if folder and read_number(readable(folder[-1])).number}


def _projects(entries: list[Entry]) -> set[Folder]:
    """Folders with a build file, or a web page with its style or script, and nothing to watch or read beside it."""
    names: dict[Folder, set[str]] = {}
    taught: set[Folder] = set()
    for entry in entries:
        names.setdefault(entry.folder, set()).add(entry.path.rpartition("/")[2].casefold())
        if entry.is_recording or entry.kind == "presentation" or entry.extension == ".pdf":
            taught.update(entry.folder[:depth] for depth in range(len(entry.folder) + 1))
    return {folder for folder, inside in names.items() if folder and folder not in taught and _is_project(inside)}


def _is_project(names: set[str]) -> bool:
    if names & PROJECTS:
        return True
    web = any(name.endswith((".css", ".js")) for name in names)
    return web and "index.html" in names and not any(name.endswith(".md") and name != "readme.md" for name in names)
