"""What two splits of a data set share and should not: writers, pages, and the very same line.

Equal texts alone are no leak, for people copy the same texts; they are counted, since a language model learns
them. A picture is read only where its text stands in two splits.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

from corpora.handwriting.record import HandwrittenLine, Split

Kind = Literal["line", "page", "writer", "text"]


@dataclass(frozen=True, slots=True)
class Leak:
    """What two splits share.

    Attributes:
        kind: ``line`` (text and picture), ``page``, ``writer``, or ``text`` alone.
        splits: the two.
        values: what they share, sorted: ids of lines of the second, pages, writers, texts.
    """

    kind: Kind
    splits: tuple[Split, Split]
    values: tuple[str, ...]

    @property
    def serious(self) -> bool:
        """Whether a figure measured on the one after training on the other means less for it."""
        return self.kind != "text"


def find_leaks(lines: Sequence[HandwrittenLine]) -> list[Leak]:
    """Everything that any two splits share, the serious first.

    Raises:
        DataError: a picture that has to be compared cannot be read.
    """
    named = {split: [line for line in lines if line.split == split] for split in get_args(Split)}
    contents = _contents(lines)
    found = []
    for first, second in combinations(named, 2):
        pair = named[first], named[second]
        shared: dict[Kind, list[str]] = {
            "line": _same_lines(*pair, contents),
            "page": _shared(*pair, lambda line: line.page),
            "writer": _shared(*pair, lambda line: line.writer),
            "text": _shared(*pair, lambda line: line.text),
        }
        found += [Leak(kind, (first, second), tuple(values)) for kind, values in shared.items() if values]
    return sorted(found, key=lambda leak: get_args(Kind).index(leak.kind))


def _shared(
    first: Sequence[HandwrittenLine],
    second: Sequence[HandwrittenLine],
    key: Callable[[HandwrittenLine], str | None],
) -> list[str]:
    there = {value for line in first if (value := key(line)) is not None}
    return sorted({value for line in second if (value := key(line)) in there and value is not None})


def _same_lines(
    first: Sequence[HandwrittenLine], second: Sequence[HandwrittenLine], contents: Mapping[str, Hashable]
) -> list[str]:
    there = {contents[line.id] for line in first if line.id in contents}
    return sorted(line.id for line in second if line.id in contents and contents[line.id] in there)


def _contents(lines: Sequence[HandwrittenLine]) -> dict[str, Hashable]:
    """Text and picture, by id, of the lines whose text stands in more than one split."""
    splits: dict[str, set[Split]] = defaultdict(set)
    for line in lines:
        splits[line.text].add(line.split)
    return {line.id: (line.text, *_digest(line)) for line in lines if len(splits[line.text]) > 1}


def _digest(line: HandwrittenLine) -> tuple[tuple[int, ...], bytes]:
    picture = line.load()
    return picture.shape, hashlib.blake2b(picture.tobytes(), digest_size=16).digest()
