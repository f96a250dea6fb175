"""The plan of an import as a tree that a person reads at a glance."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.text import Text
from rich.tree import Tree

from lms_box.courses.folder.archives import TAR, ZIP
from lms_box.courses.folder.document import Changes, Ignored, Plan, PlannedCaption, PlannedContent, PlannedSection, Reason
from lms_box.courses.folder.edits import Edit
from lms_box.courses.folder.settling import NAMES

LISTED = 8
"""Of many files with the same fate, so many by name."""
UNSEEN = ("Cc", "Cf", "Zl", "Zp")
JOINERS = "\u200c\u200d"
"""Emoji and Persian are written with them."""
SIGNS = {"video": "▶", "audio": "♪", "presentation": "▤", "document": "¶", "file": "⬇"}
MARKS = {"new": "green", "changed": "yellow", "moved": "cyan"}
DOUBT = {"medium": "yellow", "low": "red"}


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a content beside the plan, by path: its length in seconds, what has become of it."""

    durations: Mapping[str, float]
    marks: Mapping[str, str]


def plan_tree(plan: Plan, durations: Mapping[str, float] | None = None) -> Tree:
    """`durations` in seconds, by path, as far as they are known."""
    tree = Tree(Text(clean(plan.title), style="bold"), guide_style="dim")
    for label, path in (("cover", plan.cover), ("description", plan.description)):
        if path:
            tree.add(Text.assemble((f"{label}  ", "dim"), clean(path)))
    told = Told(durations or {}, _marks(plan.changes))
    for section in plan.sections:
        _add_section(tree, section, told)
    _add_files(tree, "for the whole course", plan.attachments)
    _add_files(tree, "no longer in the folder", plan.changes.removed, sign="-")
    _add_edits(tree, plan.edits)
    _add_ignored(tree, plan.ignored)
    tree.add(Text(summary(plan), style="dim"))
    return tree


def clean(text: str) -> str:
    """Control characters written out: a name cannot draw on the terminal."""
    return "".join(repr(sign)[1:-1] if _is_unseen(sign) else sign for sign in text)


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in UNSEEN and sign not in JOINERS


def summary(plan: Plan) -> str:
    contents = list(plan.contents())
    doubtful = sum(content.confidence != "high" for content in contents)
    parts = [_count(len(plan.sections), "section"), _count(len(contents), "lesson"), f"{len(plan.ignored)} ignored"]
    if doubtful:
        parts.append(f"{doubtful} to look at")
    return ", ".join([*parts, *_change_counts(plan.changes)])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _change_counts(changes: Changes) -> list[str]:
    names = ("added", "changed", "moved", "removed", "unchanged") if _was_there(changes) else ()
    return [f"{len(paths)} {name}" for name in names if (paths := getattr(changes, name))]


def _was_there(changes: Changes) -> bool:
    """The course, before this import."""
    return bool(changes.changed or changes.moved or changes.removed or changes.unchanged)


def _marks(changes: Changes) -> dict[str, str]:
    names = {"new": changes.added, "changed": changes.changed, "moved": changes.moved} if _was_there(changes) else {}
    return {path: name for name, paths in names.items() for path in paths}


def _add_section(tree: Tree, section: PlannedSection, told: Told) -> None:
    heading = Text.assemble((f"{section.number}  " if section.number else "", "dim"), (clean(section.title), "bold"))
    branch = tree.add(heading)
    shared = _shared_doubt(section.contents)
    if shared:
        branch.add(Text(f"? {clean(shared.reason)}", style=DOUBT["medium"]))
    width = max((len(content.number) for content in section.contents), default=0)
    for content in section.contents:
        _add_content(branch, content, told, width, shared)
    _add_files(branch, "for this section", section.attachments)


def _shared_doubt(contents: Sequence[PlannedContent]) -> Reason | None:
    """What is doubtful of most of a section is said once, above it."""
    doubtful = [content.doubts for content in contents if content.doubts]
    return next((doubt for doubt in doubtful[0] if all(doubt in others for others in doubtful)), None) if doubtful[1:] else None


def _add_content(tree: Tree, content: PlannedContent, told: Told, width: int, shared: Reason | None) -> None:
    line = Text.assemble((f"{content.number:>{width}} " if width else "", "dim"), (f"{SIGNS[content.type]} ", "cyan"))
    line.append(clean(content.title))
    line.append("".join(f"  {detail}" for detail in _details(content, told.durations.get(content.path))), style="dim")
    if mark := told.marks.get(content.path):
        line.append(f"  {mark}", style=MARKS[mark])
    branch = tree.add(line)
    doubts = [doubt for doubt in content.doubts if doubt != shared]
    if doubts:
        branch.add(Text(f"? {clean('; '.join(doubt.reason for doubt in doubts))}", style=DOUBT.get(content.confidence, "")))
    _add_files(branch, "with it", content.attachments)


def _details(content: PlannedContent, seconds: float | None) -> Iterable[str]:
    name = content.path.rpartition("/")[2]
    yield clean(name)
    if seconds is not None:
        minutes, rest = divmod(round(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        yield f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    if content.captions:
        yield f"captions: {', '.join(map(_caption, content.captions))}"


def _caption(caption: PlannedCaption) -> str:
    if caption.kind == "chapters":
        return "chapters"
    return caption.language or "language unknown"


def _add_files(tree: Tree, label: str, paths: Sequence[str], *, sign: str = "+") -> None:
    if not paths:
        return
    branch = tree.add(Text(f"{sign} {label}", style="dim"))
    for path in paths[:LISTED]:
        branch.add(Text.assemble((clean(path), "dim"), (_note_on(path), "dim italic")))
    if len(paths) > LISTED:
        branch.add(Text(f"and {len(paths) - LISTED} more", style="dim"))


def _note_on(path: str) -> str:
    return "  an archive, offered as it is" if path.lower().endswith((*ZIP, *TAR)) else ""


def _add_edits(tree: Tree, edits: Sequence[Edit]) -> None:
    if not edits:
        return
    branch = tree.add(Text("changed in the browser", style="dim"))
    for edit in edits:
        what = f"{clean(edit.path)}: {NAMES[edit.field]}" if edit.path else clean(NAMES.get(edit.field, edit.field))
        stays = "stays" if edit.winner == "browser" else "gives way to the folder, which changed later"
        branch.add(Text.assemble((what, "dim"), (f"  {stays}", "dim italic")))


def _add_ignored(tree: Tree, ignored: Sequence[Ignored]) -> None:
    if not ignored:
        return
    branch = tree.add(Text("ignored", style="dim"))
    by_reason = sorted(ignored, key=lambda one: one.reason)
    for reason, files in groupby(by_reason, key=lambda one: one.reason):
        _add_reason(branch, reason, [one.path for one in files])


def _add_reason(tree: Tree, reason: str, paths: Sequence[str]) -> None:
    if len(paths) == 1:
        tree.add(Text.assemble((clean(paths[0]), "dim"), (f"  {reason}", "dim italic")))
        return
    branch = tree.add(Text(f"{reason} ({len(paths)})", style="dim italic"))
    for path in paths[:LISTED]:
        branch.add(Text(clean(path), style="dim"))
    if len(paths) > LISTED:
        branch.add(Text(f"and {len(paths) - LISTED} more", style="dim"))
