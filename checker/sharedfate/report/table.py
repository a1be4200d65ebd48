"""Plain tables: a header, a row a line, columns as wide as their widest cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sharedfate.report.lines import Line, Piece, Style, line

Cell = str | Piece


def table(header: Sequence[str], rows: Sequence[Sequence[Cell]], indent: int) -> Iterator[Line]:
    """Lines of a table; no cell is cut, the last column is not padded and may be wrapped."""
    widths = [
        max(len(title), *(len(_text(row[column])) for row in rows)) if rows else len(title)
        for column, title in enumerate(header)
    ]
    yield _row([Piece(title, Style.FAINT) for title in header], widths, indent)
    for row in rows:
        yield _row(row, widths, indent)


def _row(cells: Sequence[Cell], widths: Sequence[int], indent: int) -> Line:
    pieces: list[Piece | str] = [" " * indent]
    for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        style = cell.style if isinstance(cell, Piece) else Style.PLAIN
        last = number == len(cells) - 1
        pieces.append(Piece(_text(cell) if last else _text(cell).ljust(width), style, hangs=last))
        if not last:
            pieces.append("  ")
    return line(*pieces)


def _text(cell: Cell) -> str:
    return cell.text if isinstance(cell, Piece) else cell
