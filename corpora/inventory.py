"""Which characters there are in a place, and how often: where alphabets come from.

    en   en+fr          presets (``presets/alphabets``), alone and joined
    PATH.json           an alphabet that ``inkmill alphabet make`` wrote
    PATH                a UTF-8 file of texts or of characters; a folder or URL that holds a corpus
    tsv:PATH ...        real handwriting, see :mod:`corpora.handwriting.spec`; lines for testing do not count
    file:PATH ...       a text source, see :mod:`corpora.sources`
    A+B                 the union of any of these

Presets and alphabets say which characters there are, not how often. Look-alikes are the business of
:mod:`corpora.alphabet_diff`.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from common.errors import DataError, UsageError, nearest
from common.settings import Settings, load
from corpora.alphabet import Alphabet, Form, is_written
from corpora.texts import is_corpus, texts_at

PRESETS = Path(__file__).parent / "presets" / "alphabets"


class AlphabetPreset(Settings):
    """A shipped alphabet: its own characters and those of the presets it includes; where they come from."""

    description: str
    characters: str
    includes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inventory:
    """The characters of a place.

    Attributes:
        name: the place as it was asked for.
        alphabet: all of them.
        counts: how often each was met, for those that were counted.
        description: what a preset says about itself and its source.
    """

    name: str
    alphabet: Alphabet
    counts: Mapping[str, int]
    description: str = ""

    def at_least(self, least: int) -> tuple[Inventory, dict[str, int]]:
        """The inventory without characters counted fewer than ``least`` times, and these with their counts.

        Characters that were not counted, such as those of a preset, stay.
        """
        rare = {c: n for c, n in sorted(self.counts.items()) if n < least}
        kept = tuple(c for c in self.alphabet.characters if c not in rare)
        counts = {c: n for c, n in self.counts.items() if c not in rare}
        return Inventory(self.name, Alphabet(kept, self.alphabet.form), counts), rare

    def to_form(self, form: Form) -> Inventory:
        """The same characters in another form.

        Raises:
            DataError: see :meth:`Alphabet.to_form`.
        """
        alphabet = self.alphabet.to_form(form)
        counts: Counter[str] = Counter()
        for character, count in self.counts.items():
            for part in unicodedata.normalize(form, character):
                counts[part] += count
        return Inventory(self.name, alphabet, dict(counts))

    def join(self, other: Inventory) -> Inventory:
        """The union of two; counts add up where both counted, and a character that one of them holds without
        a count has none.

        Raises:
            DataError: the two have different forms.
        """
        if self.alphabet.form != other.alphabet.form:
            raise DataError(
                f"{self.name} is in {self.alphabet.form}, {other.name} in {other.alphabet.form}",
                "one Unicode form",
                "say which with --form",
            )
        characters = set(self.alphabet.characters) | set(other.alphabet.characters)
        uncounted = {c for one in (self, other) for c in one.alphabet.characters if c not in one.counts}
        counts = Counter(self.counts) + Counter(other.counts)
        return Inventory(
            f"{self.name}+{other.name}",
            Alphabet(tuple(sorted(characters)), self.alphabet.form),
            {c: n for c, n in counts.items() if c not in uncounted},
        )


def take_inventory(place: str, form: Form | None = None) -> Inventory:
    """The characters of a place, see the module.

    Args:
        place: preset, file, folder, SPEC, or several of them joined by ``+``.
        form: Unicode form to bring them to; by default that of the alphabet or corpus found there, else NFC.

    Raises:
        UsageError: no such preset or SPEC.
        DataError: a file that is missing, not UTF-8, damaged or without any character; an alphabet whose form
            cannot become ``form``.
    """
    if (found := _whole(place, form)) is not None:
        return found
    head, plus, rest = place.partition("+")
    if plus and head and rest:
        return take_inventory(head, form).join(take_inventory(rest, form))
    path = Path(place)
    if path.suffix or len(path.parts) > 1:
        raise DataError(
            f"The alphabet file {path} does not exist", "a UTF-8 file of characters", "check the path"
        )
    raise UsageError(
        f"There is no alphabet '{place}'", nearest(place, presets()), "name a preset or a file of characters"
    )


def count_characters(texts: Iterable[str], form: Form = "NFC") -> Counter[str]:
    """How often each character occurs in some texts after normalisation; only what can be written counts."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(unicodedata.normalize(form, text))
    return Counter({c: n for c, n in counts.items() if is_written(c)})


def presets() -> tuple[str, ...]:
    """Names of the shipped alphabets."""
    return tuple(sorted(path.stem for path in PRESETS.glob("*.yaml")))


def _whole(place: str, form: Form | None) -> Inventory | None:
    """The inventory of one place; None where ``place`` as it stands is none."""
    path = Path(place)
    if is_corpus(place):
        return _of_corpus(place, form)
    if path.suffix == ".json" and path.is_file():
        return _of_json(path, form)
    if (texts := texts_at(place)) is not None:
        return _of_texts(place, texts, form or "NFC")
    if place not in presets():
        return None
    alphabet = Alphabet.from_texts(_preset_characters(place), form or "NFC")
    return Inventory(place, alphabet, {}, load(AlphabetPreset, place, PRESETS).description)


def _preset_characters(name: str) -> set[str]:
    preset = load(AlphabetPreset, name, PRESETS)
    return set(preset.characters).union(*map(_preset_characters, preset.includes))


def _of_corpus(place: str, form: Form | None) -> Inventory:
    from corpora.corpus import load_corpus

    corpus = load_corpus(place)
    found = Inventory(place, corpus.alphabet, corpus.character_counts)
    return found.to_form(form) if form else found


def _of_json(path: Path, form: Form | None) -> Inventory:
    alphabet = Alphabet.from_json(path.read_text(encoding="utf-8-sig", errors="replace"))
    if not alphabet.characters:
        raise _no_character(str(path))
    return Inventory(str(path), alphabet.to_form(form) if form else alphabet, {})


def _of_texts(place: str, texts: Iterable[str], form: Form) -> Inventory:
    counts = count_characters(texts, form)
    if not counts:
        raise _no_character(place)
    return Inventory(place, Alphabet(tuple(sorted(counts)), form), counts)


def _no_character(place: str) -> DataError:
    return DataError(f"{place} holds no character", "characters, or lines of text, in UTF-8")
