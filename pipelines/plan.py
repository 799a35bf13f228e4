"""A render plan: everything that decides the bytes of a data set, small enough to send to any worker.

Texts and fonts are named by path and pinned by fingerprint, so a worker that finds other ones says so instead
of mixing them. The plan makes nothing itself.
"""

from __future__ import annotations

import importlib.metadata
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from common.errors import UsageError
from common.files import cache_dir, fingerprint
from common.settings import Settings
from corpora.rules.settings import USUAL_RULES, TextRules
from fonts.hand import HandSplit
from fonts.variants import USUAL_VARIANTS
from shards.pictures import ImageFormat
from synth.recipe import Recipe
from synth.surroundings.corrections import HASH

CACHE_WAIT_S = 600
_PLACES = {"corpus", "catalogue", "target"}  # where things lie on this machine; their fingerprints decide


class RenderPlan(Settings):
    """What is to be rendered.

    Attributes:
        lines: number of lines asked for; ``lines_per_shard`` of them go into a shard, the rest into the last.
        seed: the run's seed.
        recipe: how lines look.
        corpus: folder of a built corpus.
        target: length target by name or file.
        rules: which share of the lines is made by which rule, and in what language; the language is pinned.
        catalogue: file of a font catalogue; None takes the synced fonts and the folders the user has added.
        hands: which hands may write; those held out for validation never write training lines.
        variants: number of variants that every font has besides itself; see :mod:`fonts.variants`.
        attempts: texts and hands tried for a line before it is counted as missing.
        image_format: ``png`` is exact, ``jpg`` is small.
        generator: version of the program.
    """

    lines: Annotated[int, Field(ge=1, le=10**9)]
    lines_per_shard: Annotated[int, Field(ge=1)] = 1000
    seed: Annotated[int, Field(ge=0)] = 0
    recipe: Recipe
    corpus: Path
    corpus_fingerprint: str
    target: str
    target_fingerprint: str
    rules: TextRules = USUAL_RULES
    language_fingerprint: str = ""
    catalogue: Path | None = None
    catalogue_fingerprint: str
    hands: HandSplit = "train"
    variants: Annotated[int, Field(ge=0, le=10**6)] = USUAL_VARIANTS
    attempts: Annotated[int, Field(ge=1, le=100)] = 8
    image_format: ImageFormat = "png"
    generator: str = Field(default_factory=lambda: importlib.metadata.version("inkmill"))

    @property
    def identity(self) -> dict[str, Any]:
        """The settings that decide the bytes, as JSON."""
        return self.model_dump(mode="json", exclude=_PLACES)

    @property
    def fingerprint(self) -> str:
        """16 hex digits of :attr:`identity`: equal plans make equal bytes wherever their files lie."""
        return fingerprint(self.identity)

    @property
    def shards(self) -> int:
        """Number of shards."""
        return -(-self.lines // self.lines_per_shard)

    def indices(self, shard: int) -> range:
        """The line indices that belong to shard number ``shard``."""
        start = shard * self.lines_per_shard
        return range(start, min(start + self.lines_per_shard, self.lines))


def shard_name(shard: int) -> str:
    """Name of a shard without suffix."""
    return f"lines-{shard:06d}"


def make_plan(
    lines: int,
    corpus: Path,
    recipe: Recipe,
    target: str = "demo",
    catalogue: Path | None = None,
    **settings: Any,
) -> RenderPlan:
    """A plan pinned to the corpus, target and fonts as they are now.

    Args:
        settings: further fields of :class:`RenderPlan`.

    Raises:
        DataError: the corpus or catalogue is missing or not whole.
        UsageError: an unknown target, a setting out of range, or a recipe whose labels hold a mark that the
            corpus's alphabet lacks.
    """
    from corpora.corpus import load_corpus
    from corpora.lengths import load_target
    from corpora.rules.language import load_language
    from fonts.catalogue import default_catalogue, load_catalogue

    fonts = load_catalogue(catalogue) if catalogue else default_catalogue()
    opened = load_corpus(corpus)
    _refuse_unknown_marks(recipe, opened.alphabet.characters)
    rules: TextRules = settings.get("rules", USUAL_RULES)
    return RenderPlan.parse(
        {
            "lines": lines,
            "recipe": recipe,
            "corpus": corpus.absolute(),
            "corpus_fingerprint": opened.fingerprint,
            "target": target,
            "target_fingerprint": load_target(target).fingerprint,
            "language_fingerprint": load_language(rules.language).fingerprint,
            "catalogue": catalogue.absolute() if catalogue else None,
            "catalogue_fingerprint": fonts.fingerprint,
            **settings,
        },
        "the render plan",
    )


def _refuse_unknown_marks(recipe: Recipe, characters: Iterable[str]) -> None:
    marked = any(
        page.surroundings.correction and page.surroundings.correction_label == "hash" for page in recipe.pages
    )
    if marked and HASH not in characters:
        raise UsageError(
            f"The recipe puts {HASH} into the label for crossed-out words; the corpus's alphabet has none",
            f"an alphabet with {HASH}",
            "build the corpus with such an alphabet, or set surroundings.correction_label=drop",
        )


def corpus_at(place: str, alphabet: str = "en") -> Path:
    """The folder of a built corpus: ``place`` itself, one at a URL, or a source SPEC, built now.

    Raises:
        UsageError: an unknown source or alphabet.
        DataError: the source is missing or unreadable, nothing of it is left after cleaning, or another
            process has been building the same for ten minutes.
    """
    from corpora.alphabet import load_alphabet
    from corpora.build import Occupied, build_corpus
    from corpora.cleaning import Cleaner
    from corpora.corpus import FORMAT, load_corpus
    from corpora.sources import identify
    from corpora.texts import is_corpus

    if is_corpus(place):
        return load_corpus(place).path
    characters = load_alphabet(alphabet)
    key = fingerprint([FORMAT, identify(place), Cleaner(characters).fingerprint])
    for _ in range(CACHE_WAIT_S):
        try:
            return build_corpus([place], characters, cache_dir() / "corpora" / key).path
        except Occupied:  # another process makes the same corpus for the cache
            time.sleep(1)
    return build_corpus([place], characters, cache_dir() / "corpora" / key).path
