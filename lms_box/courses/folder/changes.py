"""What an import would change in a course that is there: by path, then by bytes elsewhere."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from uuid import UUID

from lms_box.courses.folder.document import Changes
from lms_box.courses.folder.order import natural_key
from lms_box.courses.folder.scan import FileFact

MANY_TWINS = 10_000

HashOf = Callable[[FileFact], str]


@dataclass(frozen=True, slots=True)
class KnownFile:
    id: UUID
    path: str
    size: int
    mtime_ns: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`known` says for a path of now which stored file it is; what is not in it is new."""

    known: dict[str, KnownFile]
    removed: tuple[KnownFile, ...]
    changes: Changes

    def without_removed(self) -> "Comparison":
        return replace(self, removed=(), changes=replace(self.changes, removed=()))


def compare(facts: Sequence[FileFact], known: Iterable[KnownFile], hash_of: HashOf) -> Comparison:
    """`hash_of` (SHA-256, in hex) is asked only where size and time do not tell: an unchanged folder is not read."""
    stored = {one.path: one for one in known}
    hashes = _Hashes(hash_of)
    here = [fact for fact in facts if fact.path in stored]
    same = {fact.path: stored[fact.path] for fact in here if _is_same(fact, stored[fact.path], hashes)}
    open_facts = [fact for fact in facts if fact.path not in same]
    open_known = [one for one in stored.values() if one.path not in same]
    moved = _moves(open_facts, open_known, hashes)
    changed = _changed(open_facts, open_known, moved)
    found = same | moved | changed
    taken = {one.id for one in found.values()}
    removed = sorted((one for one in stored.values() if one.id not in taken), key=lambda one: natural_key(one.path))
    return Comparison(found, tuple(removed), _listed(facts, same, moved, changed, removed))


class _Hashes:
    """Reads no file twice."""

    def __init__(self, hash_of: HashOf) -> None:
        self._hash_of = hash_of
        self._known: dict[str, str] = {}

    def of(self, fact: FileFact) -> str:
        if fact.path not in self._known:
            self._known[fact.path] = self._hash_of(fact)
        return self._known[fact.path]


def _is_same(fact: FileFact, known: KnownFile, hashes: _Hashes) -> bool:
    if fact.size != known.size:
        return False
    return fact.mtime_ns == known.mtime_ns or hashes.of(fact) == known.sha256


def _moves(facts: Sequence[FileFact], known: Sequence[KnownFile], hashes: _Hashes) -> dict[str, KnownFile]:
    """A file replaced in its place stays itself, even if its old bytes now lie at a new path; but where stored files
    have exchanged their paths (a renumbered folder), each follows its bytes."""
    paths = {one.path for one in known}
    exchanged = _twins([fact for fact in facts if fact.path in paths], known, hashes)
    displaced = {fact.path for fact in facts if fact.path in exchanged}
    given = {one.path for one in exchanged.values()}
    present = {fact.path for fact in facts}
    free = [one for one in known if one.path not in given and (one.path in displaced or one.path not in present)]
    new = [fact for fact in facts if fact.path not in paths]
    return exchanged | _twins(new, free, hashes)


def _twins(facts: Sequence[FileFact], known: Sequence[KnownFile], hashes: _Hashes) -> dict[str, KnownFile]:
    """Pairs with the same bytes: in the same folder first, then with the nearest name."""
    by_bytes: dict[tuple[int, str], list[KnownFile]] = defaultdict(list)
    sizes = {one.size for one in known}
    for one in known:
        by_bytes[one.size, one.sha256].append(one)
    groups: dict[tuple[int, str], list[FileFact]] = defaultdict(list)
    for fact in facts:
        if fact.size in sizes:
            groups[fact.size, hashes.of(fact)].append(fact)
    pairs: dict[str, KnownFile] = {}
    for key, same in groups.items():
        pairs |= _nearest(same, by_bytes.get(key, []))
    return pairs


def _nearest(facts: Sequence[FileFact], known: Sequence[KnownFile]) -> dict[str, KnownFile]:
    if len(facts) * len(known) > MANY_TWINS:  # which of hundreds of equal files moved where, nobody can tell
        return dict(zip((fact.path for fact in facts), known, strict=False))
    ranked = sorted(
        ((fact, one) for fact in facts for one in known),
        key=lambda pair: (*_distance(pair[0].path, pair[1].path), natural_key(pair[0].path), natural_key(pair[1].path)),
    )
    pairs: dict[str, KnownFile] = {}
    taken: set[UUID] = set()
    for fact, one in ranked:
        if fact.path not in pairs and one.id not in taken:
            pairs[fact.path] = one
            taken.add(one.id)
    return pairs


def _distance(new: str, old: str) -> tuple[bool, bool, float]:
    new_folder, _, new_name = new.rpartition("/")
    old_folder, _, old_name = old.rpartition("/")
    likeness = SequenceMatcher(None, new_name, old_name, autojunk=False).ratio()
    return new_folder != old_folder, new_name != old_name, -likeness


def _changed(facts: Sequence[FileFact], known: Sequence[KnownFile], moved: dict[str, KnownFile]) -> dict[str, KnownFile]:
    given = {one.id for one in moved.values()}
    left = {one.path: one for one in known if one.id not in given}
    return {fact.path: left[fact.path] for fact in facts if fact.path not in moved and fact.path in left}


def _listed(
    facts: Sequence[FileFact],
    same: dict[str, KnownFile],
    moved: dict[str, KnownFile],
    changed: dict[str, KnownFile],
    removed: Sequence[KnownFile],
) -> Changes:
    paths = [fact.path for fact in facts]
    return Changes(
        added=tuple(path for path in paths if path not in same and path not in moved and path not in changed),
        changed=tuple(path for path in paths if path in changed),
        moved=tuple(path for path in paths if path in moved),
        removed=tuple(one.path for one in removed),
        unchanged=tuple(path for path in paths if path in same),
    )
