"""The bytes of a compressed file up to its end or its first damage: gzip, xz, zstd, one stream or more.

The decoders drop what they have unpacked in the call that meets a damage. So they are fed in small steps, and
the step that fails is fed again byte by byte to a second decoder: what stands before the damage comes out.
Knows nothing of lines, and not where the bytes come from.
"""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

BLOCK = 1 << 18
STEP = 1 << 10  # packed bytes: bounds what one call may unpack, to 128 MB where a zstd file is all repetition
MOST_MEMORY = 1 << 30  # for the dictionary of an xz file; a damaged header may ask for anything
MOST_WINDOW = 1 << 31  # zstd --long=31, as large collections use it

MAGIC = {".gz": b"\x1f\x8b", ".xz": b"\xfd7zXZ\0", ".zst": b"\x28\xb5\x2f\xfd"}


class Damage(Exception):
    """Where a compressed file stops being one.

    Attributes:
        reason: ``truncated`` or ``damaged``.
        foreign: whether all streams were whole and something else follows them.
    """

    def __init__(self, reason: str, detail: str, foreign: bool) -> None:
        super().__init__(detail)
        self.reason, self.foreign = reason, foreign


def unpack(suffix: str, opened: Callable[[], BinaryIO]) -> Iterator[bytes]:
    """Blocks of the unpacked content.

    Args:
        suffix: a key of :data:`MAGIC`.
        opened: opens the packed file from its beginning; called once more where it is damaged.

    Raises:
        Damage: after the last block that could be had.
    """
    decoder = _Decoder(suffix)
    ready: list[bytes] = []
    fed = size = 0
    with opened() as file:
        for step in _steps(file):
            try:
                out = decoder.feed(step)
            except _unpacking_errors():
                break
            fed += len(step)
            ready.append(out)
            if (size := size + len(out)) >= BLOCK:
                yield b"".join(ready)
                ready, size = [], 0
        else:
            yield b"".join(ready)
            decoder.finish()
            return
    yield b"".join(ready)
    yield from _salvage(suffix, opened, fed)


def _salvage(suffix: str, opened: Callable[[], BinaryIO], fed: int) -> Iterator[bytes]:
    """What follows the first ``fed`` packed bytes, byte by byte up to the damage."""
    decoder = _Decoder(suffix)
    with opened() as file:
        for step in _steps(file):
            if fed:
                decoder.feed(step)
                fed -= len(step)
                continue
            for value in step:
                try:
                    out = decoder.feed(bytes((value,)))
                except _unpacking_errors() as error:
                    raise Damage("damaged", str(error), decoder.is_foreign) from None
                yield out


def _steps(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield from (block[start : start + STEP] for start in range(0, len(block), STEP))


class _Decoder:
    """Unpacks compressed streams that follow each other, with zero bytes between them."""

    def __init__(self, suffix: str) -> None:
        self._make = _MAKERS[suffix]
        self._magic = MAGIC[suffix]
        self._stream = self._make()
        self._head = b""  # first bytes of the stream at hand
        self._streams = 0  # finished ones

    def feed(self, packed: bytes) -> bytes:
        out = []
        while packed:
            if self._streams and not self._head:
                packed = packed.lstrip(b"\0")
            self._head += packed[: len(self._magic) - len(self._head)]
            if not packed:
                break
            out.append(self._stream.decompress(packed))
            packed = b""
            if self._stream.eof:
                packed = self._stream.unused_data
                self._stream, self._head, self._streams = self._make(), b"", self._streams + 1
        return out[0] if len(out) == 1 else b"".join(out)

    def finish(self) -> None:
        """Raise :class:`Damage` where a stream has begun and not ended."""
        if self._head:
            raise Damage("truncated", "the compressed file ended before its end mark", self.is_foreign)

    @property
    def is_foreign(self) -> bool:
        """Whether what follows the finished streams does not even begin like one."""
        return self._streams > 0 and not self._magic.startswith(self._head)


def _gzip() -> Any:
    return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)


def _xz() -> Any:
    return lzma.LZMADecompressor(memlimit=MOST_MEMORY)


def _zstd() -> Any:
    import zstandard

    return zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW).decompressobj()


_MAKERS: dict[str, Callable[[], Any]] = {".gz": _gzip, ".xz": _xz, ".zst": _zstd}


def _unpacking_errors() -> tuple[type[Exception], ...]:
    import zstandard

    return zlib.error, lzma.LZMAError, zstandard.ZstdError
