"""What drawn lines are like: fit to the target, shares of the rules, rare characters, naturalness.

Everything is counted on a stated number of lines and kept as counts, not as lines. Drawing is the work of
:mod:`corpora.sampler`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from corpora.lengths import Fit, LengthTarget, compare, count_words
from corpora.naturalness import Bigrams
from corpora.sampler import TextSampler

NATURAL = "as it is"
SAMPLED = 2000  # lines of a kind whose naturalness is measured
SHOWN = 8  # sources and rare characters that are told


@dataclass(frozen=True)
class SampleStatistics:
    """What some lines are like.

    Attributes:
        fit: lengths in characters and words against the target.
        shares: share of the lines by edit, such as ``short``, ``dates`` or ``rare``.
        sources: share of the lines by source.
        bits: bits per character under the corpus's bigrams, by rule; ``as it is`` for untouched lines.
        rates: occurrences per million characters of every character of the alphabet but the blank.
    """

    fit: Fit
    shares: dict[str, float]
    sources: dict[str, float]
    bits: dict[str, float]
    rates: dict[str, float]


def examine(
    sampler: TextSampler, count: int, on_line: Callable[[], object] = lambda: None
) -> SampleStatistics:
    """Draw lines 0 to ``count`` and tell what they are like.

    Args:
        on_line: called after every line, for progress.
    """
    lengths, words = [], []
    edits: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    kinds: dict[str, list[str]] = {}
    for index in range(count):
        line = sampler.line(index)
        lengths.append(len(line.text))
        words.append(count_words(line.text))
        edits.update(line.edits)
        sources[line.source] += 1
        characters.update(line.text)
        made = [edit for edit in line.edits if edit not in ("cut", "short")]
        kept = kinds.setdefault(made[-1] if made else NATURAL, [])
        if len(kept) < SAMPLED:
            kept.append(line.text)
        on_line()
    bigrams = Bigrams(sampler.corpus)
    total = characters.total()
    return SampleStatistics(
        compare(lengths, sampler.target, words),
        {edit: number / count for edit, number in sorted(edits.items())},
        {source: number / count for source, number in sources.most_common()},
        {kind: bigrams.bits(texts) for kind, texts in sorted(kinds.items())},
        {c: characters[c] * 1e6 / total for c in sampler.corpus.alphabet.characters if c != " "},
    )


def describe(drawn: SampleStatistics, sampler: TextSampler) -> list[tuple[str, str]]:
    """What lines are like, as rows of two cells: fit, then every rule, then sources and rare characters."""
    fit, target = drawn.fit, sampler.target
    natural = drawn.bits.get(NATURAL)
    asked = {**sampler.rules.shares, "rare": sampler.rare.share}
    rows = [
        ("target", f"{target.name}: {target.source or 'a histogram'}"),
        ("lines", f"{fit.count:,}"),
        ("characters", _characters(fit)),
        ("words", _words(fit, target)),
        (
            "short",
            f"{drawn.shares.get('short', 0):.2%} of the lines: the corpus had none of the drawn length",
        ),
        (NATURAL, f"{natural:.2f} bits per character" if natural is not None else "no line"),
    ]
    for rule, share in asked.items():
        if share or rule in drawn.shares:
            bits = f", {drawn.bits[rule]:.2f} bits per character" if rule in drawn.bits else ""
            rows.append((rule, f"{share:.2%} asked, {drawn.shares.get(rule, 0):.2%} reached{bits}"))
    rows += [("source", f"{source} {share:.1%}") for source, share in list(drawn.sources.items())[:SHOWN]]
    rarest = sorted(drawn.rates, key=drawn.rates.__getitem__)[:SHOWN]
    rows.append(
        ("rarest", ", ".join(f"{c!r} {drawn.rates[c]:.0f}" for c in rarest) + " per million characters")
    )
    return rows


def _characters(fit: Fit) -> str:
    return (
        f"total variation {fit.variation:.4f} (a perfect sampler of as many lines {fit.chance:.4f}), "
        f"chi-square p {fit.p:.3f}, earth mover's {fit.distance:.3f}"
    )


def _words(fit: Fit, target: LengthTarget) -> str:
    wanted = "not known" if target.words_mean is None else f"{target.words_mean:.2f}"
    told = f"mean {fit.words_mean:.2f}, target {wanted}"
    if fit.words_variation is None:
        return told
    return f"{told}, total variation {fit.words_variation:.4f}, earth mover's {fit.words_distance:.3f}"
