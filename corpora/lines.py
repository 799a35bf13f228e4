"""Lines of text from blocks of bytes, many at a time: UTF-8, byte positions for everything that is lost.

Whole blocks are decoded at once; only one that does not decode, or holds a zero byte, is taken line by line.
A range of bytes owns the lines that begin in it. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpora.raw_text import Loss
from corpora.unpacking import Damage

LONGEST = 1 << 24  # bytes; keeps memory bounded where a file has no line ends


def whole_lines(
    blocks: Iterator[bytes], start: int, stop: int | None, source: str, losses: list[Loss]
) -> Iterator[tuple[int, bytes]]:
    """Join blocks to runs of whole lines.

    Args:
        blocks: the bytes from ``start`` on, or from ``start - 1`` on where ``start`` is not 0.
        start: byte from which on lines may begin.
        stop: byte from which on lines belong to the next part.
        source: the name in losses.
        losses: receives damage and lines of more than :data:`LONGEST` bytes.

    Yields:
        (byte position, lines with their ends); only the last may lack its end.
    """
    position, skipping = max(start - 1, 0), start > 0
    parts: list[bytes] = []  # of the line at hand
    length = 0
    try:
        for block in blocks:
            first = block.find(b"\n") + 1
            if not skipping and length + (first - 1 if first else len(block)) > LONGEST:
                losses.append(Loss(source, position, "too-long", f"more than {LONGEST:,} bytes"))
                position, parts, length, skipping = position + length, [], 0, True
            if skipping:
                position += first or len(block)
                block, skipping = block[first:] if first else b"", not first
            if stop is not None and position >= stop:
                return
            end = block.rfind(b"\n") + 1
            if end:
                content = b"".join((*parts, block[:end]))
                if stop is not None and position + len(content) > stop:
                    yield position, content[: content.index(b"\n", stop - 1 - position) + 1]
                    return
                yield position, content
                position, parts, length = position + len(content), [], 0
            parts.append(block[end:])
            length += len(block) - end
    except Damage as damage:
        lost = position
        if damage.foreign and length:  # all streams before were whole, and with them the last line
            yield position, b"".join(parts)
            lost += length
        losses.append(Loss(source, lost, damage.reason, str(damage)))
        return
    if length and not skipping:
        yield position, b"".join(parts)


def decode(content: bytes, position: int, source: str, losses: list[Loss]) -> str:
    """Decode whole lines; a line in another encoding becomes a loss and a blank line in its place."""
    if b"\0" not in content:
        try:
            text = content.decode()
        except UnicodeDecodeError:
            pass
        else:
            return text.removeprefix("\ufeff") if position == 0 else text
    good = []
    for line in content.split(b"\n"):
        good.append(_decode_line(line, position, source, losses))
        position += len(line) + 1
    return "\n".join(good)


def number(lines: list[str], document: int) -> tuple[list[str], list[int], int]:
    """Leave the blank lines out; each ends a document.

    Args:
        lines: decoded lines.
        document: the number of the document at hand.

    Returns:
        The other lines, the number of each one's document, and the number of the document at hand afterwards.
    """
    kept = [line for line in lines if line and not line.isspace()]
    if len(kept) == len(lines):
        return kept, [document] * len(kept), document
    numbers = []
    for line in lines:
        if line and not line.isspace():
            numbers.append(document)
        else:
            document += 1
    return kept, numbers, document


def split_lines(text: str) -> list[str]:
    """The lines of a text; what else Unicode takes for a line end becomes a blank."""
    lines = text.splitlines()
    ends = text.count("\n")
    if len(lines) == ends + (not text.endswith("\n")):
        return lines
    return [" ".join(line.splitlines()) for line in text.removesuffix("\n").split("\n")]


def _decode_line(line: bytes, position: int, source: str, losses: list[Loss]) -> str:
    if b"\0" in line:  # UTF-8 all the same, but no text: UTF-16 or UTF-32, or not text at all
        losses.append(Loss(source, position + line.index(b"\0"), "not-utf8", "a zero byte"))
        return ""
    try:
        return line.decode("utf-8-sig" if position == 0 else "utf-8")
    except UnicodeDecodeError as error:
        found = repr(line[error.start : error.start + 8])
        losses.append(Loss(source, position + error.start, "not-utf8", found))
        return ""
