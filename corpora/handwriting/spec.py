"""The one grammar for real handwriting: a SPEC names a data set, its reader yields :class:`HandwrittenLine`.

tsv:PATH         a table with a header, or a folder with train.tsv, val.tsv, test.tsv
ln:PATH          lists of pictures, the text of each beside it
pairs:PATH       a folder of pictures with .gt.txt or .txt beside each
page:PATH        pages with PAGE XML          alto:PATH      pages with ALTO XML
hf:NAME          a data set of Hugging Face with pictures and texts
iam:PATH  rimes:PATH  read2016:PATH  bentham:PATH  lam:PATH  vnondb:PATH     benchmarks as they are downloaded
digits:          the embedded benchmark: digits of real people, composed into lines

Options follow as ``?name=value&name=value``: those of the reader (docs/data.md), and for every reader what to
do with lines that cannot be used, such as ``?missing-picture=skip``.

Splits are told by the data: by the names train, val (valid, validation, dev) and test of files in a folder
(tsv, ln) or of sub-folders (pairs, page, alto), by the split column of a table, or by the lists of a
benchmark. A lone file or folder with such a name is that split wholly, so ``tsv:mine/test.tsv`` is a test
set. Where nothing tells the split, 80 % of the writers are drawn into train, 10 % into validation, 10 % into
test; of the pages where no writers are known, of the lines where there are too few of both: by hashing their
ids, the same in every order and run, with a warning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from common.errors import DataError, UsageError, nearest
from corpora.handwriting.bentham import read_bentham
from corpora.handwriting.beside import read_list, read_pairs
from corpora.handwriting.hub import read_hub
from corpora.handwriting.iam import read_iam
from corpora.handwriting.lam import read_lam
from corpora.handwriting.pages import read_alto_pages, read_page
from corpora.handwriting.policy import REASONS, Policy
from corpora.handwriting.read2016 import read_read2016
from corpora.handwriting.record import HandwrittenLine, Split
from corpora.handwriting.rimes import read_rimes
from corpora.handwriting.tables import read_table
from corpora.handwriting.vnondb import read_vnondb

OPTIONS = re.compile(r"\?([a-z_-]+=[^?]*)$")


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader ``read(path, policy, **options)`` and the options it takes."""

    read: Callable[..., list[HandwrittenLine]]
    options: tuple[str, ...] = ()


READERS = {
    "alto": Reader(read_alto_pages, ("crop", "pictures", "types")),
    "bentham": Reader(read_bentham, ("encoding", "gap")),
    "hf": Reader(read_hub, ("config", "image", "limit", "text", "writer")),
    "iam": Reader(read_iam, ("lists", "split", "text")),
    "lam": Reader(read_lam, ("split",)),
    "ln": Reader(read_list, ("encoding", "pictures")),
    "page": Reader(read_page, ("crop", "pictures", "types")),
    "pairs": Reader(read_pairs, ("encoding", "labels")),
    "read2016": Reader(read_read2016, ("crop",)),
    "rimes": Reader(read_rimes),
    "tsv": Reader(read_table, ("encoding", "pictures")),
    "vnondb": Reader(read_vnondb, ("unit", "y")),
}
KINDS = ("digits", *READERS)


def read_lines(spec: str, split: Split | None = None, policy: Policy | None = None) -> list[HandwrittenLine]:
    """The lines of a data set, always in the same order.

    Args:
        spec: see the module.
        split: only this one; all where None.
        policy: what to do with lines that cannot be used, and where they are counted; the options of the SPEC
            go before its choices.

    Raises:
        UsageError: an unknown SPEC or option.
        DataError: missing or faulty files, one id twice, or no line in the split.
    """
    policy = policy or Policy()
    found = _read(spec, split, policy)
    policy.report(spec)
    lines = [line for line in found if split in (None, line.split)]
    if not found:
        raise DataError(
            f"{spec} holds no line that can be used",
            "at least one picture with its transcription",
            "write transcriptions, or check the path",
        )
    if not lines:
        there = ", ".join(sorted({line.split for line in found}))
        raise DataError(
            f"{spec} has no lines for {split}",
            f"a split that is there: {there}",
            f"ask for one of these, or give it lines for {split}",
        )
    identifier, count = Counter(line.id for line in found).most_common(1)[0]
    if count > 1:
        raise DataError(f"{spec} lists {identifier} {count} times", "each line once", "remove the others")
    return lines


def _read(spec: str, split: Split | None, policy: Policy) -> list[HandwrittenLine]:
    kind, colon, rest = spec.partition(":")
    if not colon or kind not in KINDS:
        raise UsageError(f"There is no reader for '{spec}'", nearest(kind, (f"{known}:" for known in KINDS)))
    if kind == "digits":
        from corpora.handwriting.digits import read_digits

        return read_digits(split)
    target, options = _options(rest)
    if not target:
        raise UsageError(f"The SPEC '{spec}' names no path", f"{kind}:PATH")
    reader = READERS[kind]
    known = (*reader.options, *REASONS)
    if unknown := next((name for name in options if name not in known), None):
        raise UsageError(f"{spec}: '{kind}:' has no option '{unknown}'", nearest(unknown, known))
    policy = policy.choose({name: value for name, value in options.items() if name in REASONS})
    own = {name: value for name, value in options.items() if name in reader.options}
    return reader.read(Path(target).expanduser(), policy, **own)


def _options(rest: str) -> tuple[str, dict[str, str]]:
    """(path, options); a question mark that no ``name=`` follows belongs to the path."""
    found = OPTIONS.search(rest)
    if not found:
        return rest, {}
    pairs = (part.partition("=") for part in found[1].split("&"))
    return rest[: found.start()], {name: unquote(value) for name, _, value in pairs}
