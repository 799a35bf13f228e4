"""Lines of text with the lengths of a target, cut out of a corpus at word borders.

A line is a pure function of (seed, index, attempt). It has exactly the drawn number of characters: from a
random place in a document the next stretch that begins and ends at word borders is taken, where the target
knows words the next one with as many of them; nothing is repeated to fill a line. Stated shares of the lines
carry a phrase, are in capitals or end in a broken word (:mod:`corpora.rules`), or are cut round a rare
character (:mod:`corpora.rare`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate

from common.errors import UsageError
from common.files import fingerprint
from common.seeds import Draws, draws
from corpora.borders import cut_at_border
from corpora.corpus import Corpus
from corpora.lengths import LengthTarget, count_words
from corpora.places import Places
from corpora.rare import RareCharacters, put_in
from corpora.rules.language import PHRASES, LanguageRules, main_script
from corpora.rules.settings import USUAL_RULES, TextRules
from corpora.stretches import (
    FAR,
    find_stretch,
    stretch_with_broken_begin,
    stretch_with_broken_end,
    stretches_round,
    word_start,
)
from corpora.text_line import TextLine

PLACES = 32  # random places tried for a stretch of exactly the drawn length
WORD_PLACES = 16  # random places tried for the drawn number of words too
WINDOW = 500  # characters from which a line in capitals is cut
RULE_PLACES = 8  # random places tried for a line in capitals or with a broken word
PHRASE_TRIES = 6  # phrases tried for one that leaves room in the line
ENDS, BORDERS = ".!?", ".!?,;:"  # a phrase stands beside one of these, or at an end of the line
BROKEN_BEGIN, BROKEN_MARKED = 0.4, 0.1  # shares of the broken lines that begin with the rest of a word

Maker = Callable[[Draws, int, int], TextLine | None]


class TextSampler:
    """Draws lines from a corpus.

    Args:
        corpus: the text.
        target: the lengths.
        seed: the run's seed.
        rules: which share of the lines is made by which rule; only what the alphabet can write is used.

    Raises:
        UsageError: an unknown language, or the rules ask for more lines than there are.
    """

    def __init__(
        self, corpus: Corpus, target: LengthTarget, seed: int, rules: TextRules = USUAL_RULES
    ) -> None:
        self.corpus, self.target, self.seed, self.rules = corpus, target, seed, rules
        self._known = frozenset(corpus.alphabet.characters)
        self._marks = "".join(mark for mark in ",." if mark in self._known)
        self._language = LanguageRules(rules.language, corpus.alphabet)
        self.rare = RareCharacters(corpus, rules.rare_floor, target.mean)
        self._places = Places(corpus)
        shares = {**rules.shares, "rare": self.rare.share}
        if (total := sum(shares.values())) > 1:
            raise UsageError(
                f"Rules and rare characters want {total:.0%} of the lines", "at most all of them"
            )
        self._bounds = list(accumulate(shares.values()))
        self._makers = [self._maker(kind) for kind in shares]

    def __reduce__(self) -> tuple[type[TextSampler], tuple[Corpus, LengthTarget, int, TextRules]]:
        return TextSampler, (self.corpus, self.target, self.seed, self.rules)

    @property
    def fingerprint(self) -> str:
        """16 hex digits of corpus, target, rules and their language (not of the seed)."""
        parts = [self.corpus.fingerprint, self.target.fingerprint]
        return fingerprint([*parts, self.rules.fingerprint, self._language.preset.fingerprint])

    @property
    def unlike_script(self) -> str:
        """A sentence where rules are asked for in another script than that of the corpus; empty elsewhere."""
        found, expected = main_script(self.corpus.character_counts), self._language.script
        if found in ("", expected) or not any(self.rules.shares.values()):
            return ""
        return (
            f"The corpus is in {found.capitalize()} letters, the rules of the language {self.rules.language} "
            f"in {expected.capitalize()} ones: name another language, or rule none"
        )

    def line(self, index: int, attempt: int = 0) -> TextLine:
        """Line ``index``; another one for every ``attempt``.

        Its length is the drawn one except where the corpus has no such stretch; then it is shorter and
        ``edits`` holds ``short``. ``edits`` also holds the rule that made it: one of the shares of
        :class:`TextRules`, or ``rare``.
        """
        rng = draws(self.seed, index, f"text-{attempt}" if attempt else "text")
        length, words = self.target.draw(rng)
        kind = bisect_right(self._bounds, rng.random())
        made = self._makers[kind](rng, length, words) if kind < len(self._makers) else None
        return made or self._plain(rng, length, words)

    def _maker(self, kind: str) -> Maker:
        if kind in PHRASES:
            return lambda rng, length, words: self._with_phrase(kind, rng, length, words)
        return {"capitals": self._in_capitals, "hyphens": self._broken, "rare": self._round_rare}[kind]

    def _plain(self, rng: Draws, length: int, words: int) -> TextLine:
        """A line of ``length`` characters, as near to ``words`` as a few places have it, or a shorter one."""
        nearest, missed = None, FAR
        for tried in range(PLACES):
            document, text, source, place = self._places.draw(rng, length)
            start, off = find_stretch(text, place, length, words)
            if off < missed:
                nearest = TextLine(text[start : start + length], source, document, _cut(length, text))
                missed = off
            if nearest and (not missed or tried >= WORD_PLACES):
                return nearest
        return nearest or self._short(rng, length)

    def _short(self, rng: Draws, length: int) -> TextLine:
        """The longest line of at most ``length`` characters met at some places; a longer word is cut.

        Where every first grapheme is longer than that, one comes whole.
        """
        best = TextLine("", "", 0)
        for _ in range(PLACES):
            document, text, source, place = self._places.draw(rng, length)
            found = cut_at_border(text[word_start(text, place) :], length)
            if len(best.text) < len(found) <= length:
                edits = ("cut",) if len(found) == length else ("cut", "short")
                best = TextLine(found, source, document, edits)
        return best if best.text else TextLine(found, source, document, ("cut", "long"))

    def _with_phrase(self, rule: str, rng: Draws, length: int, words: int) -> TextLine | None:
        """A line that carries a phrase, or is one; None where none leaves room for a blank and a letter.

        The phrase is set off by a mark, one of its characters, where it does not end in one.
        """
        for _ in range(PHRASE_TRIES):
            phrase = self._language.phrase(rule, rng)
            if len(phrase) == length:
                return TextLine(phrase, f"rules:{self.rules.language}", 0, (rule,))
            marks = "" if rule == "lists" or phrase.endswith(tuple(BORDERS)) else self._marks
            room = length - len(phrase) - len(marks[:1]) - 1
            if phrase and room >= 1:
                left = max(words - count_words(phrase), 1) if words else 0
                found = self._plain(rng, room, left)
                text = (
                    f"{phrase} {found.text}" if rule == "lists" else _insert(found.text, phrase, marks, rng)
                )
                return replace(found, text=text, edits=(*found.edits, rule))
        return None

    def _in_capitals(self, rng: Draws, length: int, _words: int) -> TextLine | None:
        """A line in capitals; None where the alphabet lacks one of them."""
        for _ in range(RULE_PLACES):
            document, text, source, place = self._places.draw(rng, length)
            written = self._language.capitals(_window(text, place), rng)
            start, _ = find_stretch(written, 0, length)
            line = written[start : start + length] if start >= 0 else ""
            if line and line != line.lower() and self._known.issuperset(line):
                return TextLine(line, source, document, (*_cut(length, text), "capitals"))
        return None

    def _broken(self, rng: Draws, length: int, _words: int) -> TextLine | None:
        """A line that ends with the first part of a word and a mark, or begins with the rest of one."""
        if not self._language.marks:
            return None
        mark, part, breaks = rng.choice(self._language.marks), rng.random(), self._language.breaks
        before = mark if part < BROKEN_MARKED else ""
        after = mark if part >= BROKEN_MARKED + BROKEN_BEGIN else ""
        cut = stretch_with_broken_end if after else stretch_with_broken_begin
        for _ in range(RULE_PLACES):
            document, text, source, place = self._places.draw(rng, length)
            if found := cut(text, place, length - len(before + after), breaks):
                return TextLine(before + found + after, source, document, ("cut", "hyphens"))
        return None

    def _round_rare(self, rng: Draws, length: int, words: int) -> TextLine | None:
        """A line that holds a rare character."""
        character = self.rare.draw(rng)
        for _ in range(PLACES):
            if (place := self.rare.place(character, rng)) is None:
                break
            document, offset = place
            text, source = self.corpus[document]
            if starts := stretches_round(text, offset, length):
                start = rng.choice(starts)
                line = text[start : start + length]
                return TextLine(line, source, document, (*_cut(length, text), "rare"))
        found = self._plain(rng, length, words)
        return replace(found, text=put_in(found.text, character, rng), edits=(*found.edits, "rare"))


def _window(text: str, place: int) -> str:
    """Whole words of a text from ``place`` on, some ten lines long."""
    start = word_start(text, place)
    end = text.find(" ", start + WINDOW)
    return text[start:] if end < 0 else text[start:end]


def _cut(length: int, text: str) -> tuple[str, ...]:
    return ("cut",) if length < len(text) else ()


def _insert(text: str, phrase: str, marks: str, rng: Draws) -> str:
    """A phrase in a text: at its beginning, or after a mark of punctuation; at its end too where there are
    ``marks``. The first of them sets it off, the last one from what begins a sentence."""
    words = text.split(" ")
    borders = [place for place, word in enumerate(words, 1) if word[-1] in BORDERS]
    last = len(words)
    place = rng.choice(sorted({0, *borders, *([last] if marks else [])}))
    if place == last and last not in borders:
        return f"{text}{marks[0]} {phrase}"
    starts = place < last and words[place][0].isupper() and (not place or words[place - 1][-1] in ENDS)
    mark = marks[-1:] if starts else marks[:1]
    return " ".join([*words[:place], phrase + mark, *words[place:]])
