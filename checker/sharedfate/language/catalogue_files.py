"""Catalogue: files, text and syntax (F001 to F024)."""

from __future__ import annotations

from sharedfate.language.catalogue_base import PRELUDE, Entry, Example, entry
from sharedfate.language.diagnostics import Code

_FINE = Example("zone cellar\n")
_DEEP = "function deep = " + "(" * 300 + "push" + ")" * 300 + "\n"


def _bytes(shown: str, data: bytes) -> Example:
    return Example(shown, data=PRELUDE.encode() + data)


ENTRIES: tuple[Entry, ...] = (
    Entry(
        Code.UNREADABLE,
        "file cannot be read",
        "The file, or a file that it uses, is there but cannot be read: it is a folder, a device, or not yours to "
        "read. Check its permissions, and that the path names a file.",
        None,
        None,
    ),
    Entry(
        Code.FILE_TOO_BIG,
        "file too big",
        "A model file may have 4 MB, all files of a run together 16 MB. Long address lists belong in an allow-list "
        "or deny-list file (`sharedfate audit --allow-list`), one entry a line.",
        _bytes("(a file of 5 MB)", b"# filler filler filler filler filler filler filler filler filler\n" * 90_000),
        _FINE,
    ),
    Entry(
        Code.NUL_BYTE,
        "nul byte",
        "A model is text. A nul byte says that the file is something else, or was damaged.",
        _bytes("zone cel\\0lar", b"zone cel\0lar\n"),
        _FINE,
    ),
    Entry(
        Code.INVALID_UTF8,
        "not UTF-8",
        "A model is UTF-8 text. Save the file again in that encoding.",
        _bytes("# caf\\xe9 (Latin-1)", b"# caf\xe9\n"),
        Example("# café\n"),
    ),
    Entry(
        Code.BIDI_CONTROL,
        "direction-changing character",
        "Characters that change the writing direction make a text read differently from what it says. They are "
        "refused everywhere, comments and strings included.",
        _bytes("zone cellar # \\u{202e}note", "zone cellar # \u202enote\n".encode()),
        _FINE,
    ),
    Entry(
        Code.LINE_TOO_LONG,
        "line too long",
        "A line may have 10,000 characters. Break it: inside braces and after a comma a line may end anywhere.",
        _bytes("(a line of 1 MB)", b"# " + b"x" * 1_000_000 + b"\n"),
        _FINE,
    ),
    Entry(
        Code.NESTING_TOO_DEEP,
        "nesting too deep",
        "Brackets may nest 64 deep. Give an inner part a name of its own, as a function.",
        _bytes("function deep = ((((…push…))))   # 300 brackets", _DEEP.encode()),
        Example("function deep = (push)\n"),
    ),
    entry(
        Code.SYNTAX,
        "syntax error",
        "The text does not fit the grammar at this place; the message names what could stand there. "
        "spec/language.md has the whole grammar.",
        "zone cellar at home\n",
        "zone cellar\n",
    ),
    entry(
        Code.NOT_YET,
        "not yet",
        "The words are reserved for questions that this version cannot answer yet (what someone can learn, forge, "
        "tell apart or link), and for files that the library does not have yet. Nothing is answered in their place.",
        "check blind : isp cannot learn body\n",
        "check lives : isp cannot block send_text sparing notifications\n",
    ),
    Entry(
        Code.CONTROL_CHARACTER,
        "control character",
        "Besides line feeds and tabs a model holds no control characters: a terminal would obey them.",
        _bytes("zone cellar # \\u{1b}[31m", b"zone cellar # \x1b[31m\n"),
        _FINE,
    ),
    Entry(
        Code.NO_SUCH_FILE,
        "no such file",
        "`use` names a file beside the model, relative to the file that says it, or a file of the shipped library "
        "(`std.adversaries`). Nothing is there under this name.",
        Example('use "freinds.fate"\n', files=(("friends.fate", "zone cellar\n"),)),
        Example('use "friends.fate"\n', files=(("friends.fate", "zone cellar\n"),)),
    ),
    Entry(
        Code.LEAVES_ROOT,
        "path leaves the root",
        "A model uses files below its root only: the nearest folder above it that holds a `sharedfate.toml` or a "
        "`.git`, else its own folder. Absolute paths and links that lead outside are refused.",
        Example('use "../../friends.fate"\n'),
        Example('use "friends.fate"\n', files=(("friends.fate", "zone cellar\n"),)),
    ),
    Entry(
        Code.USE_CYCLE,
        "files use each other in a circle",
        "Each file of the circle would need the others first. Move what they share into a file of its own.",
        Example('use "a.fate"\n', files=(("a.fate", 'use "b.fate"\n'), ("b.fate", 'use "a.fate"\n'))),
        Example('use "a.fate"\n', files=(("a.fate", 'use "b.fate"\n'), ("b.fate", "zone cellar\n"))),
    ),
    Entry(
        Code.TOO_MANY_FILES,
        "too many files",
        "A run reads 256 files at most, 16 MB together.",
        None,
        None,
    ),
    Entry(
        Code.NO_MODEL,
        "no model line, or more than one",
        'A model file says `model NAME "title"` once, before its declarations. A file that is only used by others '
        "(adversaries, policies) needs none.",
        Example("zone home\n", whole=True),
        Example("model example\nzone home\n", whole=True),
    ),
)
