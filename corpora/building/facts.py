"""The last stage: what describes the whole corpus, once all its documents are written.

Counts, samples and losses are gathered; the places of rare characters are chosen evenly from all segments.
"""

from __future__ import annotations

import itertools
import json
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.errors import DataError
from common.files import fingerprint, write_json
from corpora.building.documents import OCCURRENCES
from corpora.building.mill import Mill
from corpora.building.rejects import read_rejects
from corpora.corpus import CHARACTERS, COSTS, FACTS, PLACES, CorpusSource, Counts
from corpora.raw_text import Loss, first_losses
from corpora.sources import SourceSpec

Facts = dict[str, Any]
RARE = 2000  # a character that is less than one in so many has its places kept
SAMPLES = 5
FOREIGN_LISTED = 100

_CUT = ("whole files", "fetch them again")
_NOT_JSON = ("one JSON text or object with a text a line", "check the file and its column")
_NO_TEXT = ("at least one line that is not blank", "check the source: there is no text in it")
_REMEDIES = {  # what dropped most -> (what would have been right, what to do)
    "foreign": ("text in the characters of the alphabet", "use another alphabet"),
    "truncated": _CUT,
    "damaged": ("whole files of the kind their names say", "fetch them again, or correct their suffix"),
    "not-utf8": ("UTF-8", "convert the files, for example with iconv"),
    "not-json": _NOT_JSON,
    "not-text": _NOT_JSON,
    "language": ("text in the languages asked for", "name the language of the text"),
    "benchmark": ("text that is not the benchmark's own", "use another source"),
    "too-long": ("lines of less than 16 MB", "divide them"),
    "short": ("longer lines", "lower the bound"),
    "long": ("shorter lines", "raise the bound"),
}


def write_facts(
    mill: Mill,
    specs: Sequence[SourceSpec],
    settings: dict[str, Any],
    tasks: list[Facts],
    joined: list[Facts],
) -> None:
    """Write what describes the whole corpus, ``corpus.json`` last.

    Args:
        mill: knows the place.
        specs: the sources.
        settings: what the corpus is built from.
        tasks: what stage one told of each task, in order.
        joined: what stage three told of each segment, in order.

    Raises:
        DataError: nothing is left after cleaning.
    """
    counts = _counts(mill, tasks, joined)
    if not counts.documents:
        shutil.rmtree(mill.folder / "cleaned")
        raise _nothing_left([spec.shown for spec in specs], counts)
    characters = Counter[str]()
    for facts in joined:
        characters.update(dict(zip(mill.alphabet.characters, facts["character_counts"], strict=True)))
    files = [
        {"name": f"documents-{number:05d}.arrow", "documents": facts["documents"]}
        for number, facts in enumerate(joined)
        if facts["documents"]
    ]
    lengths = [np.load(mill.side(number, "characters")) for number in range(len(joined))]
    np.save(mill.corpus / CHARACTERS, np.concatenate(lengths))
    np.save(mill.corpus / PLACES, _places(mill, characters, [len(array) for array in lengths]))
    sources = _sources(mill, specs, joined)
    digest = [[facts["sha256"] for facts in joined], mill.cleaner.fingerprint]
    write_json(mill.corpus / COSTS, _costs(tasks, joined))
    write_json(
        mill.corpus / FACTS,
        {
            "fingerprint": fingerprint([*digest, [source.weight for source in sources]]),
            "settings": settings,
            "alphabet": json.loads(mill.alphabet.to_json()),
            "counts": asdict(counts),
            "sources": [asdict(source) for source in sources],
            "character_counts": dict(characters),
            "files": files,
            "sizes": {
                path.name: path.stat().st_size
                for path in sorted(mill.corpus.iterdir())
                if path.name not in (COSTS, FACTS)
            },
        },
    )


def _counts(mill: Mill, tasks: list[Facts], joined: list[Facts]) -> Counts:
    losses = first_losses(Loss(**loss) for facts in tasks for loss in facts["losses"])
    foreign = Counter(_sum(facts["foreign"] for facts in tasks))
    guard = mill.guard
    return Counts(
        paragraphs=sum(facts["paragraphs"] for facts in tasks),
        kept=sum(facts["kept"] for facts in joined),
        documents=sum(facts["documents"] for facts in joined),
        characters=sum(facts["characters"] for facts in joined),
        dropped=dict(sorted(_sum(facts["dropped"] for facts in [*tasks, *joined]).items())),
        edited=dict(sorted(_sum(facts["edited"] for facts in tasks).items())),
        foreign=dict(sorted(foreign.items(), key=lambda item: (-item[1], item[0]))[:FOREIGN_LISTED]),
        samples=_samples(mill),
        losses=[asdict(loss) for loss in losses],
        guarded=guard.lines - guard.short,
        unguarded=guard.short,
    )


def _costs(tasks: list[Facts], joined: list[Facts]) -> dict[str, float]:
    costs = _sum(facts["costs"] for facts in tasks)
    costs["join"] += sum(facts["cost"] for facts in joined)
    return {name: round(seconds, 2) for name, seconds in costs.items()}


def _samples(mill: Mill) -> dict[str, list[str]]:
    """The first few rejected lines of each reason, each with its detail."""
    samples: dict[str, list[str]] = {}
    for path in sorted(mill.corpus.glob("rejected-*.arrow")):
        for line in read_rejects(path):
            if len(found := samples.setdefault(line.reason, [])) < SAMPLES:
                text = line.text[:100]
                found.append(f"{text}  [{line.detail}]" if line.detail else text)
    return samples


def _sources(mill: Mill, specs: Sequence[SourceSpec], joined: list[Facts]) -> list[CorpusSource]:
    documents = Counter[int]()
    for segment, facts in zip(mill.segments(), joined, strict=True):
        documents[segment.spec] += facts["documents"]
    ends = list(itertools.accumulate(documents[number] for number in range(len(specs))))
    return [
        CorpusSource(spec.shown, spec.weight, start, stop)
        for spec, start, stop in zip(specs, [0, *ends], ends, strict=False)
    ]


def _places(mill: Mill, characters: Counter[str], documents: list[int]) -> NDArray[np.int64]:
    """(n, 3): character, document, offset of rare characters, evenly from all segments."""
    total = characters.total()
    firsts = np.cumsum([0, *documents])
    arrays = [np.load(mill.side(k, "occurrences"), mmap_mode="r") for k in range(len(documents))]
    found = [np.zeros((0, 3), np.int64)]
    for number, character in enumerate(mill.alphabet.characters):
        if not 0 < characters[character] * RARE < total:
            continue
        rows = []
        for array, first in zip(arrays, firsts, strict=False):
            begin, end = np.searchsorted(array[:, 0], [number, number + 1])
            rows.append(array[begin:end] + np.array([0, first, 0]))
        everywhere = np.concatenate(rows)
        keep = min(len(everywhere), OCCURRENCES)
        found.append(everywhere[np.arange(keep) * len(everywhere) // keep])
    return np.concatenate(found)


def _sum(counted: Iterable[dict[str, Any]]) -> Counter[str]:
    total = Counter[str]()
    for counts in counted:
        total.update(counts)
    return total


def _nothing_left(names: list[str], counts: Counts) -> DataError:
    reasons = ", ".join(f"{count} {reason}" for reason, count in counts.dropped.items()) or "no text found"
    loss = next((f"; the first at byte {loss['position']} of {loss['source']}" for loss in counts.losses), "")
    example = next((f"; for example {samples[0]!r}" for samples in counts.samples.values() if samples), loss)
    expected, remedy = _REMEDIES.get(
        max(counts.dropped, key=counts.dropped.__getitem__, default=""), _NO_TEXT
    )
    found = f"No line of {', '.join(names)} is left after cleaning: {reasons}{example}"
    return DataError(found, expected, remedy)
