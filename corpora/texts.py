"""The texts of a place, whatever kind of place it is: to count characters in, to learn pieces from.

A corpus gives documents spread evenly over it, real handwriting its transcriptions without those for testing,
a text file its lines, a text source its paragraphs as found. Lines are drawn in :mod:`corpora.sampler`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

from common.errors import DataError

CHARACTERS = 20_000_000  # of a corpus, about; enough for everything that is counted or learnt here

log = logging.getLogger("inkmill.corpora")


def is_corpus(place: str) -> bool:
    """Whether ``place`` is a folder or a URL that holds a corpus."""
    from corpora.corpus import FACTS
    from corpora.transport import exists, is_remote, local_path

    return exists(place) if is_remote(place) else (local_path(place) / FACTS).is_file()


def texts_at(place: str) -> Iterable[str] | None:
    """The texts of a corpus, text file, handwriting SPEC or text source; None where ``place`` is none.

    Raises:
        DataError: it is one, and damaged or empty.
    """
    path = Path(place)
    if is_corpus(place):
        return _documents(place)
    if path.suffix == ".tsv" and path.is_file():
        return _transcriptions(f"tsv:{place}")
    if path.is_file():
        return _lines(path)
    return _texts_of_spec(place) if ":" in place else None


def _texts_of_spec(spec: str) -> Iterable[str] | None:
    from corpora.handwriting.spec import KINDS
    from corpora.sources import OPTIONS
    from corpora.transport import is_remote

    scheme = spec.partition(":")[0]
    if scheme in KINDS:
        return _transcriptions(spec)
    return _paragraphs(spec) if scheme in OPTIONS or is_remote(spec) else None


def _documents(place: str) -> Iterator[str]:
    from corpora.corpus import load_corpus

    corpus = load_corpus(place)
    for index in range(0, len(corpus), max(corpus.counts.characters // CHARACTERS, 1)):
        yield corpus[index][0]


def _transcriptions(spec: str) -> list[str]:
    """The texts of a SPEC without its test lines; all of them where it is a test set as a whole."""
    from corpora.handwriting.spec import read_lines

    lines = read_lines(spec)
    return [line.text for line in lines if line.split != "test"] or [line.text for line in lines]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 at byte {error.start}", "a UTF-8 file of characters") from None


def _paragraphs(spec: str) -> Iterator[str]:
    from corpora.raw_text import Loss
    from corpora.sources import read_source

    losses: list[Loss] = []
    for raw in read_source(spec, losses):
        yield raw.text
    if losses:
        first = losses[0]
        log.warning(
            "%s: text lost in %d places; the first is %s at byte %d",
            spec,
            len(losses),
            first.source,
            first.position,
        )
