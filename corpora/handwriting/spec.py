"""The one grammar for real handwriting: a SPEC names a data set, its reader yields :class:`HandwrittenLine`.

tsv:PATH                  a table with a header, or a folder with train.tsv, val.tsv, test.tsv
ln:PATH[?pictures=DIR]    lists of pictures, the text of each beside it
pairs:PATH                a folder of pictures with .gt.txt or .txt beside each
digits:                   the embedded benchmark: digits of real people, composed into lines

Splits are told by the data: by the names train, val (valid, validation, dev) and test of files in a folder
(tsv, ln) or of sub-folders (pairs), or by the split column of a table. A lone file or folder with such a
name is that split wholly, so ``tsv:mine/test.tsv`` is a test set. Where nothing tells the split (any other
lone table, list or folder of pairs), 80 % of the writers, or of the lines where no or too few writers are
known, are drawn into train, 10 % into validation, 10 % into test: by hashing writer or id, the same in every
order and run, with a warning.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from common.errors import DataError, UsageError, nearest
from corpora.handwriting.beside import read_list, read_pairs
from corpora.handwriting.policy import Policy
from corpora.handwriting.record import HandwrittenLine, Split
from corpora.handwriting.tables import read_table

NOW = ("digits", "ln", "pairs", "tsv")
LATER = ("alto", "bentham", "hf", "iam", "lam", "page", "read2016", "rimes", "vnondb")


def read_lines(spec: str, split: Split | None = None, policy: Policy | None = None) -> list[HandwrittenLine]:
    """The lines of a data set, always in the same order.

    Args:
        spec: see the module.
        split: only this one; all where None.
        policy: what to do with lines that cannot be used, and where they are counted.

    Raises:
        UsageError: an unknown SPEC, or one that comes later.
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
    if not colon or kind not in NOW:
        raise _unknown(spec, kind)
    if kind == "digits":
        from corpora.handwriting.digits import read_digits

        return read_digits(split)
    target, _, pictures = rest.partition("?pictures=")
    if not target:
        raise UsageError(f"The SPEC '{spec}' names no path", f"{kind}:PATH")
    path = Path(target).expanduser()
    if kind == "tsv":
        return read_table(path, policy)
    return read_pairs(path, policy) if kind == "pairs" else read_list(path, policy, pictures or None)


def _unknown(spec: str, kind: str) -> UsageError:
    if kind in LATER:
        return UsageError(
            f"The reader '{kind}:' comes later",
            f"one of {', '.join(NOW)}",
            "export the lines as a table: tsv:PATH",
        )
    return UsageError(f"There is no reader for '{spec}'", nearest(kind, (f"{known}:" for known in NOW)))
