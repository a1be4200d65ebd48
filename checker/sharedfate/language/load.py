"""Files -> model: `use` is followed, everything is resolved together; bad input ends in diagnostics, never raises."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sharedfate.language import syntax
from sharedfate.language.diagnostics import Code, Diagnostic, Diagnostics, Label, Severity
from sharedfate.language.files import Budget, Place, beside, library, read, resolved, root_of
from sharedfate.language.parse import decode, parse, parse_fact
from sharedfate.language.resolve.build import resolve
from sharedfate.language.resolve.units import Displaced, Rank, Unit, displaced
from sharedfate.model.model import Model
from sharedfate.model.source import NOWHERE, Span

COMMAND_LINE = "--assume"
"""The name of the "file" that facts of the command line stand in."""

MAX_DEPTH = 64
"""So deep files may use files."""

_DECLARATIONS = (
    "use|zone|link|party|service|assume|field|pool|connection|flow|function|adversary|policy|check|protocol|find"
)
_MODEL_LINE = re.compile(
    rf"""^[^#"\n]*\bmodel[ \t]+[A-Za-z_]|^(?!(?:{_DECLARATIONS})\b)[A-Za-z_]+[ \t]+[A-Za-z_]""", re.MULTILINE
)
_VALUE_CODES = frozenset(
    {Code.WRONG_UNIT, Code.EMPTY_LIST, Code.HOST_BIT, Code.PREFIX_LENGTH, Code.BAD_ADDRESS, Code.RANGE_TURNED}
    | {Code.PORT_RANGE, Code.NUMBER_RANGE, Code.BAD_NAME, Code.NOT_YET}
)
"""What can be said of a text that lacks the lines with syntax errors; anything else might be an echo of them."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a model file. `model` is None exactly when one of the diagnostics is an error.

    `dropped`: how many diagnostics were left out; `sources`: the texts read, by the file names that spans carry;
    `displaced`: the model's adversaries and policies whose place one of a further file takes.
    """

    model: Model | None
    diagnostics: tuple[Diagnostic, ...]
    dropped: int = 0
    sources: dict[str, str] = field(default_factory=dict)
    displaced: tuple[Displaced, ...] = ()


def load(path: Path, adversaries: Sequence[Path] = (), assume: Sequence[str] = ()) -> Loaded:
    """Read a model file and all files that it uses.

    A folder stands for the one model file below it. Files are used from below the root only: the nearest folder at or
    above the file's own that holds a `sharedfate.toml` or a `.git`, else the file's own folder; no absolute paths, no
    links to outside. Each file is read once. `adversaries` are further files whose declarations are added to the
    model, their adversaries and policies in the place of the model's of the same names; each file has a root of its
    own, found in the same way. `assume` are facts to close, as `--assume` takes them.
    """
    reader = _Reader()
    main = reader.one_model(path)
    if main is None:
        return reader.loaded(None)
    for file in (main, *adversaries):
        reader.rank = Rank.MODEL if file is main else Rank.GUEST
        reader.follow(Place(_shown(file), resolved(file)), Span(_shown(file), 1, 1, 1, 1), root_of(file))
    given = reader.facts(assume)
    return reader.loaded(reader.model(_shown(main), given))


def load_text(text: str, file: str = "model.fate") -> Loaded:
    """A model from a text that stands in no file: it can use the shipped library, and nothing beside it."""
    reader = _Reader()
    reader.text(text, Place(file, None), None)
    return reader.loaded(reader.model(file, ()))


def declares_model(path: Path) -> bool:
    """Whether a file has a `model` line, or one that begins with no known word: that may be a mistyped one."""
    found = Diagnostics()
    data = read(Place(str(path), path), NOWHERE, Budget(), found)
    return data is not None and _MODEL_LINE.search(data.decode("utf-8", "replace")) is not None


def model_files(folder: Path) -> list[Path]:
    """The model files below a folder, sorted; links to folders are not followed."""
    found: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(parent, name) for name in sorted(names) if name.endswith(".fate")]
    return [path for path in found if declares_model(path)]


def _shown(path: Path) -> str:
    return str(path).replace(os.sep, "/")


class _Reader:
    """Reads and parses files, each once, in the order in which their declarations count."""

    def __init__(self) -> None:
        self.found = Diagnostics()
        self.sources: dict[str, str] = {}
        self.rank = Rank.MODEL  # of the files that are read now
        self._units: list[Unit] = []
        self._budget = Budget()
        self._done: set[str] = set()
        self._open: list[tuple[Place, Span]] = []  # the files on the way, with the `use` that led to each

    def one_model(self, path: Path) -> Path | None:
        """The file itself, or the only model file of a folder."""
        try:
            folder = path.is_dir()
        except (OSError, ValueError):
            folder = False
        if not folder:
            return path
        files = model_files(path)
        if len(files) == 1:
            return files[0]
        what = f"{len(files)} model files" if files else "no model file"
        notes = tuple(_shown(file) for file in files[:10])
        span = Span(_shown(path), 1, 1, 1, 1)
        self.found.error(Code.NO_MODEL, f"the folder `{_shown(path)}` holds {what}", span, notes=notes)
        return None

    def follow(self, place: Place, span: Span, root: Path | None) -> None:
        """Read a file and what it uses; `span` is the `use` that names it."""
        if any(place.identity == other.identity for other, _ in self._open):
            self._circle(place, span)
            return
        if place.identity in self._done:
            return
        if len(self._open) >= MAX_DEPTH:
            notes = (f"uses nest {MAX_DEPTH} deep at most",)
            self.found.error(Code.TOO_MANY_FILES, "files use files too deep", span, notes=notes)
            return
        self._done.add(place.identity)
        data = read(place, span, self._budget, self.found)
        if data is None:
            return
        text, problems = decode(data, place.shown)
        self.found.extend(problems)
        if text is None:
            self.sources.setdefault(place.shown, data[:100_000].decode("utf-8", "replace"))
            return
        self.text(text, place, root, span)

    def text(self, text: str, place: Place, root: Path | None, span: Span = NOWHERE) -> None:
        """Parse a text and read what it uses first."""
        self.sources[place.shown] = text
        result = parse(text, place.shown)
        self.found.extend(result.diagnostics)
        self._open.append((place, span))
        for item in result.tree.declarations:
            if isinstance(item, syntax.UseDecl):
                for used in item.uses:
                    self._use(used, place, root)
        self._open.pop()
        library_file = place.path is None and place.shown.startswith("std/")
        self._units.append(Unit(result.tree, place.shown, Rank.LIBRARY if library_file else self.rank))

    def _use(self, used: syntax.UseStd | syntax.UseFile, place: Place, root: Path | None) -> None:
        match used:
            case syntax.UseFile(path=path):
                if root is None:
                    message = "a text without a file has no files beside it"
                    self.found.error(Code.LEAVES_ROOT, message, path.span)
                    return
                target = beside(place, path.value, root, path.span, self.found)
            case syntax.UseStd(parts=parts):
                target = self._library(used, [part.text for part in parts])
        if target is not None:
            self.follow(target, used.span, root)

    def _library(self, used: syntax.UseStd, parts: list[str]) -> Place | None:
        if len(parts) == 2 and parts[0] == "std":
            return library(parts[1], used.span, self.found)
        notes = ('the shipped library is `std.NAME`; a file beside this one is `"NAME.fate"`',)
        self.found.error(Code.NO_SUCH_FILE, f"there is no library file `{'.'.join(parts)}`", used.span, notes=notes)
        return None

    def _circle(self, place: Place, span: Span) -> None:
        start = next(i for i, (other, _) in enumerate(self._open) if other.identity == place.identity)
        circle = [*self._open[start:], (place, span)]
        shown = " uses ".join(f"`{item.shown}`" for item, _ in circle)
        labels = tuple(Label(use, f"`{item.shown}` is used here") for item, use in circle[1:-1])
        self.found.error(Code.USE_CYCLE, f"files use each other in a circle: {shown}", span, labels=labels)

    def facts(self, texts: Sequence[str]) -> list[syntax.FactLiteral]:
        """Facts of the command line, each a line of a text of its own."""
        made: list[syntax.FactLiteral] = []
        for number, text in enumerate(texts, 1):
            file = COMMAND_LINE if len(texts) == 1 else f"{COMMAND_LINE} {number}"
            self.sources[file] = text
            fact, problems = parse_fact(text, file)
            self.found.extend(problems)
            if fact is not None:
                made.append(fact)
        return made

    def model(self, main: str, given: Sequence[syntax.FactLiteral]) -> Model | None:
        """Resolve everything that was read."""
        if not any(unit.file == main for unit in self._units):
            return None
        if not self.found.has_errors:
            return resolve(self._units, main, self.found, given)
        aside = Diagnostics()
        resolve(self._units, main, aside)
        self.found.extend(item for item in aside if item.code in _VALUE_CODES and item.severity is Severity.ERROR)
        return None

    def loaded(self, model: Model | None) -> Loaded:
        """The result."""
        gone = () if model is None else displaced(self._units)
        return Loaded(model, self.found.items, self.found.dropped, self.sources, gone)
