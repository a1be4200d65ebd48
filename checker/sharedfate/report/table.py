"""Plain tables: a header, a row a line, columns as wide as their widest cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sharedfate.report.lines import NARROWEST, WIDTH, Line, Piece, Style, line

Cell = str | Piece
_GAP = 2


def table(header: Sequence[str], rows: Sequence[Sequence[Cell]], indent: int) -> Iterator[Line]:
    """Lines of a table; no cell is cut, the last column is not padded and may be wrapped.

    Where the other columns leave the last one no room, its cells stand below their rows, under its title.
    """
    widths = [
        max(len(title), *(len(_text(row[column])) for row in rows)) if rows else len(title)
        for column, title in enumerate(header)
    ]
    room = WIDTH - indent - sum(widths[:-1]) - _GAP * (len(widths) - 1)
    below = len(header) > 1 and widths[-1] > room and room < NARROWEST
    beside = slice(None, -1 if below else None)
    yield _row([Piece(title, Style.FAINT) for title in header[beside]], widths[beside], indent)
    for row in rows:
        yield _row(row[beside], widths[beside], indent)
        if below:
            last = row[-1] if isinstance(row[-1], Piece) else Piece(row[-1])
            yield line(" " * (indent + 2), Piece(f"{header[-1]} ", Style.FAINT), replace(last, hangs=True))


def _row(cells: Sequence[Cell], widths: Sequence[int], indent: int) -> Line:
    pieces: list[Piece | str] = [" " * indent]
    for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        style = cell.style if isinstance(cell, Piece) else Style.PLAIN
        last = number == len(cells) - 1
        pieces.append(Piece(_text(cell) if last else _text(cell).ljust(width), style, hangs=last))
        if not last:
            pieces.append(" " * _GAP)
    return line(*pieces)


def _text(cell: Cell) -> str:
    return cell.text if isinstance(cell, Piece) else cell
