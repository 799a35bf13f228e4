"""The report of a corpus: what went in, what was dropped, and what lines drawn from it look like.

One self-contained HTML page. Counts come from the corpus, everything about lines from a sample drawn now
(:mod:`corpora.line_sample`). Nothing is decided here.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from common.files import atomic_path
from common.report import (
    Card,
    Section,
    cards,
    histogram,
    meter,
    page,
    paragraph,
    search_table,
    table,
)
from corpora.alphabet import describe, shown
from corpora.build import read_rejected
from corpora.building.rejects import Reject
from corpora.corpus import Corpus
from corpora.line_sample import LineSample, draw_sample
from corpora.rare import MILLION
from corpora.sampler import TextSampler

RARE = 500  # occurrences in a million below which a character is called rare
REJECTS = 40  # rejected lines shown for each reason
LINES = 200  # drawn lines shown
SHOWN = 160  # characters of a rejected line
WORDS = 40  # most frequent words shown
DOCUMENTS = 2000  # whose words are measured
LONG_WORD = 24  # characters; longer ones are counted with these
BARS = 60  # at most, in a histogram
KINDS = {
    "Lu": "capital",
    "Ll": "letter",
    "M": "mark",
    "N": "digit",
    "P": "punctuation",
    "S": "sign",
    "Z": "blank",
}


def write_corpus_report(
    sampler: TextSampler, out: Path, lines: int, on_line: Callable[[], object] = lambda: None
) -> LineSample:
    """Draw lines and write the page about them and their corpus.

    Args:
        sampler: corpus, lengths and rules.
        out: the HTML file.
        lines: how many lines the figures rest on.
        on_line: called after every line, for progress.

    Returns:
        The lines that were drawn.
    """
    with atomic_path(out) as temporary:  # a place that cannot be written to is told before anything is drawn
        drawn = draw_sample(sampler, lines, on_line)
        temporary.write_text(corpus_report(drawn), encoding="utf-8")
    return drawn


def corpus_report(drawn: LineSample) -> str:
    """The page as HTML."""
    corpus, target = drawn.sampler.corpus, drawn.sampler.target
    sections = [
        _overview(drawn),
        _lengths(drawn),
        _characters(drawn),
        _words(drawn),
        _sources(drawn),
        _rules(drawn),
        _dropped(corpus),
        _duplicates(corpus),
        _repaired(corpus),
        _lines(drawn),
        _alphabet(corpus),
        _costs(drawn),
    ]
    return page(
        f"Corpus {corpus.path.name}",
        sections,
        f"{corpus.counts.documents:,} documents with {corpus.counts.characters:,} characters, and "
        f"{len(drawn.lines):,} lines drawn from them to the lengths of {target.name}.",
        f"Corpus {corpus.fingerprint}, lines {drawn.sampler.fingerprint}, seed {drawn.sampler.seed}.",
    )


def _overview(drawn: LineSample) -> Section:
    counts, fit = drawn.sampler.corpus.counts, drawn.fit
    by_chance = f"{fit.chance:.3f} by chance alone"
    figures = [
        Card("Lengths off the target", f"{fit.variation:.3f}", f"total variation; {by_chance}", best=True),
        Card(
            "Paragraphs kept",
            _share(counts.kept, counts.paragraphs),
            f"{counts.kept:,} of {counts.paragraphs:,}",
        ),
        Card("Documents", f"{counts.documents:,}", f"{_short(counts.characters)} characters"),
        Card(
            "Characters off the corpus",
            f"{drawn.strangeness:.3f}",
            "total variation, by weights, rules and floor",
        ),
    ]
    return Section("Overview", [cards(figures)])


def _lengths(drawn: LineSample) -> Section:
    fit, target = drawn.fit, drawn.sampler.target
    wanted = Counter(dict(zip(target.lengths, target.weights, strict=True)))
    words = {k: float(p) for k, p in enumerate(target.word_probabilities) if p}
    rows: list[list[str | None]] = [
        [
            "characters",
            f"{target.mean:.1f}",
            f"{_mean(drawn.lengths):.1f}",
            f"{fit.variation:.4f}",
            f"{fit.distance:.2f}",
        ],
        [
            "words",
            _optional(target.words_mean, ".1f"),
            _optional(fit.words_mean, ".1f"),
            _optional(fit.words_variation, ".4f"),
            _optional(fit.words_distance, ".2f"),
        ],
    ]
    return Section(
        "Lengths",
        [
            histogram(*_bins(Counter(drawn.lengths), wanted), "characters a line"),
            histogram(*_bins(Counter(drawn.words), words), "words a line"),
            table(["", "target mean", "drawn mean", "total variation", "earth mover's distance"], rows),
            paragraph(
                f"A perfect sampler of as many lines would show a total variation of {fit.chance:.4f}. "
                f"Pearson's chi-square over pooled lengths gives p = {fit.p:.3f}; below 0.001 the lengths "
                f"would not follow the target. {_share(drawn.edits['short'], len(drawn.lines))} of the lines "
                "are shorter than drawn because the corpus has no such stretch."
            ),
        ],
        target.source or f"The target is {target.name}.",
    )


def _characters(drawn: LineSample) -> Section:
    corpus, rules = drawn.sampler.corpus, drawn.sampler.rules
    total, sample = sum(corpus.character_counts.values()), drawn.characters.total()
    rates = {c: n * MILLION / total for c, n in corpus.character_counts.items()}
    rows = [
        [
            shown(c),
            *_code_and_name(c),
            kind_of(c),
            corpus.character_counts[c],
            _rate(rates[c]),
            _rate(drawn.characters[c] * MILLION / sample),
            _standing(rates[c]),
        ]
        for c in sorted(rates, key=rates.__getitem__, reverse=True)
    ]
    rare = drawn.sampler.rare
    never = sum(not n for n in corpus.character_counts.values())
    floor = (
        f"The floor of {rules.rare_floor:g} in a million raises {len(rare.characters)} of them, in "
        f"{rare.share:.1%} of the lines."
        if rare.characters
        else "No floor raises them."
    )
    headings = [
        "",
        "code point",
        "name",
        "kind",
        "in the corpus",
        "in a million",
        "in a million drawn",
        "standing",
    ]
    return Section(
        "Characters",
        [search_table(headings, rows, "Search characters", ["kind", "standing"])],
        f"{len(rates)} characters in the alphabet, {never} of them never in the corpus, "
        f"{sum(0 < rate < RARE for rate in rates.values())} rare: fewer than {RARE} in a million. {floor}",
    )


def _words(drawn: LineSample) -> Section:
    vocabulary = drawn.vocabulary
    total = vocabulary.total()
    once = sum(count == 1 for count in vocabulary.values())
    mean = sum(len(word) * count for word, count in vocabulary.items()) / total
    most = vocabulary.most_common(WORDS)
    frequent = [[word, count, meter(count / total, most[0][1] / total)] for word, count in most]
    figures = [
        Card("Words drawn", f"{total:,}"),
        Card("Different ones", f"{len(vocabulary):,}", f"{once:,} only once"),
        Card("Mean length", f"{mean:.2f}", "characters, punctuation included"),
    ]
    chart = histogram(
        *_bins(_word_lengths(vocabulary.elements()), _word_lengths(_some_words(drawn.sampler.corpus))),
        f"characters a word, {LONG_WORD} and more together",
        names=("drawn", "corpus"),
        y_label="share of words",
    )
    return Section(
        "Words",
        [cards(figures), chart, search_table(["word", "drawn", "share"], frequent, "Search words")],
        "What stands between blanks, punctuation included. Were long or short ones favoured, it would show.",
    )


def _sources(drawn: LineSample) -> Section:
    corpus = drawn.sampler.corpus
    sizes = [int(corpus.characters[s.start : s.stop].sum()) for s in corpus.sources]
    lines = sum(drawn.by_source)
    weighted = any(source.weight is not None for source in corpus.sources)
    rows = [
        [
            source.spec,
            source.stop - source.start,
            size,
            meter(size / sum(sizes)),
            _weight(source.weight, weighted),
            meter(found / max(lines, 1)),
        ]
        for source, size, found in zip(corpus.sources, sizes, drawn.by_source, strict=True)
    ]
    headings = ["source", "documents", "characters", "share of the text", "weight", "share of the lines"]
    return Section("Sources", [table(headings, rows)])


def _weight(weight: float | None, weighted: bool) -> str:
    """As it was given; a source without one has 1 beside others that have one."""
    if weight is None:
        return "1, not given" if weighted else "by size"
    return f"{weight:g}"


def _rules(drawn: LineSample) -> Section:
    rules, lines = drawn.sampler.rules, len(drawn.lines)
    asked = {**rules.shares, "rare": drawn.sampler.rare.share}
    plain = ["as cut", None, "", None, _optional(drawn.bits.get(""), ".2f")]
    rows = [
        [
            rule,
            f"{share:.1%}",
            meter(drawn.edits[rule] / lines),
            drawn.edits[rule],
            _optional(drawn.bits.get(rule), ".2f"),
        ]
        for rule, share in asked.items()
        if share or drawn.edits[rule]
    ]
    return Section(
        "Rules",
        [table(["rule", "asked for", "reached", "lines", "bits a character"], [plain, *rows])],
        f"Lines that carry what prose has too little of, in the language {rules.language}. A rule is passed "
        "over where a line is too short for it or the alphabet lacks its characters. Bits a character, under "
        "the pairs of letters of the corpus, tell what a rule costs in naturalness.",
    )


def _dropped(corpus: Corpus) -> Section:
    counts = corpus.counts
    rows = [
        [reason, count, meter(count / counts.paragraphs)]
        for reason, count in sorted(counts.dropped.items(), key=lambda item: -item[1])
    ]
    if not rows:
        return Section("Dropped", [paragraph("Nothing was dropped.")])
    blocks = [table(["reason", "lines", "share of all"], rows)]
    if rejects := _rejects(corpus):
        blocks.append(search_table(["reason", "line", "source"], rejects, "Search lines", ["reason"]))
    if counts.losses:
        losses = [[one["source"], one["position"], one["reason"], one["detail"]] for one in counts.losses]
        blocks.append(table(["file", "at byte", "reason", "found"], losses, "Lost by damaged sources"))
    return Section("Dropped", blocks, f"At most {REJECTS} lines of each reason are shown.")


def _rejects(corpus: Corpus) -> list[list[object]]:
    left = Counter(dict.fromkeys(corpus.counts.dropped, REJECTS))
    rows: list[list[object]] = []
    for line in read_rejected(corpus):
        if left[line.reason] > 0:
            left[line.reason] -= 1
            rows.append([line.reason, _with_facts(line), line.source])
    return rows


def _with_facts(line: Reject) -> Markup:
    return Markup("{}<br><small>{}</small>").format(line.text[:SHOWN], line.detail)


def _duplicates(corpus: Corpus) -> Section:
    counts, settings = corpus.counts, corpus.settings
    dropped = Counter(counts.dropped)
    figures = [
        Card(
            "The same again",
            _share(dropped["duplicate"], counts.paragraphs),
            f"{dropped['duplicate']:,} paragraphs",
        ),
        Card(
            "Nearly the same",
            _share(dropped["near-duplicate"], counts.paragraphs),
            f"{dropped['near-duplicate']:,} paragraphs",
        ),
        Card("From a benchmark", f"{dropped['benchmark']:,}", "paragraphs that share a run of words with it"),
    ]
    sentences = [
        f"A paragraph may occur {_times(settings['repeats'])}. "
        + (
            f"Of paragraphs that differ in little, {settings['near_repeats']} may stay."
            if settings["near_repeats"]
            else "Paragraphs that differ in little were not looked for."
        ),
        f"Lines of benchmarks that the guard keeps out, by runs of {settings['guard_words']} words: "
        f"{counts.guarded:,}; too short for it: {counts.unguarded:,}."
        if counts.guarded or counts.unguarded
        else "No benchmark was guarded.",
    ]
    return Section("Duplicates and guard", [cards(figures), *map(paragraph, sentences)])


def _repaired(corpus: Corpus) -> Section:
    counts = corpus.counts
    edits = [[edit, count, meter(count / counts.paragraphs)] for edit, count in _descending(counts.edited)]
    foreign = [[shown(c), *_code_and_name(c), count] for c, count in _descending(counts.foreign)]
    blocks: list[Markup] = []
    if edits:
        blocks.append(table(["repair", "paragraphs", "share of all"], edits))
    if foreign:
        headings = ["", "code point", "name", "paragraphs"]
        blocks.append(search_table(headings, foreign, "Search characters that the alphabet lacks"))
    return Section(
        "Repaired and foreign",
        blocks or [paragraph("Nothing was repaired, and no character was foreign.")],
        "Repairs of paragraphs that passed cleaning, and the characters that the alphabet lacks.",
    )


def _lines(drawn: LineSample) -> Section:
    rows = [
        [index, line.text, len(line.text), line.edits, line.source]
        for index, line in enumerate(drawn.lines[:LINES])
    ]
    return Section(
        "Lines",
        [
            search_table(
                ["index", "line", "characters", "made by", "source"], rows, "Search lines", ["made by"]
            )
        ],
        f"The first {len(rows)} lines of the seed, as a hand would write them.",
    )


def _alphabet(corpus: Corpus) -> Section:
    alphabet = corpus.alphabet
    kinds: dict[str, list[str]] = {}
    for character in alphabet.characters:
        kinds.setdefault(kind_of(character), []).append(shown(character))
    rows = [[kind, len(found), " ".join(found)] for kind, found in kinds.items()]
    return Section(
        "Alphabet",
        [table(["kind", "number", "characters"], rows)],
        f"{len(alphabet.characters)} characters in {alphabet.form}, fingerprint {alphabet.fingerprint}.",
    )


def _costs(drawn: LineSample) -> Section:
    costs = drawn.sampler.corpus.costs
    total = sum(costs.values())
    rows = [[stage, f"{seconds:,.2f} s", meter(seconds / total)] for stage, seconds in costs.items() if total]
    rate = len(drawn.lines) / max(drawn.seconds, 1e-9)
    paragraphs = drawn.sampler.corpus.counts.paragraphs
    figures = [
        Card("Building", f"{paragraphs / total:,.0f}/s" if total else "-", "paragraphs a core and second"),
        Card("Drawing", f"{rate:,.0f}/s", "lines a core and second, now"),
    ]
    blocks = [cards(figures)]
    if rows:
        blocks.append(table(["stage", "work", "share"], rows))
    return Section("Costs", blocks, "Seconds of work of all processes together, as measured on that day.")


def kind_of(character: str) -> str:
    """What a character is, in a word: letter, capital, digit, mark, punctuation, sign, blank."""
    category = unicodedata.category(character)
    return KINDS.get(category) or KINDS.get(category[0], "letter")


def _bins(
    drawn: Mapping[int, float], target: Mapping[int, float]
) -> tuple[list[float], list[float], list[float] | None]:
    """Edges, drawn and target counts joined to at most ``BARS`` bins; None where there is no target."""
    low, high = min(drawn.keys() | target.keys()), max(drawn.keys() | target.keys()) + 1
    width = -(-(high - low) // BARS)
    edges = list(range(low, high + width, width))
    sides = [
        [sum(side.get(n, 0) for n in range(left, left + width)) for left in edges[:-1]]
        for side in (drawn, target)
    ]
    return [edge - 0.5 for edge in edges], sides[0], sides[1] if target else None


def _some_words(corpus: Corpus) -> Iterator[str]:
    """The words of documents spread evenly over the corpus."""
    for index in range(0, len(corpus), max(len(corpus) // DOCUMENTS, 1)):
        yield from corpus[index][0].split(" ")


def _word_lengths(words: Iterable[str]) -> Counter[int]:
    return Counter(min(len(word), LONG_WORD) for word in words)


def _code_and_name(character: str) -> list[str]:
    code, _, name = describe(character).partition(" ")
    return [code, name.lower()]


def _standing(rate: float) -> str:
    return "never" if not rate else "rare" if rate < RARE else "common"


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 or not rate else f"{rate:.2f}"


def _descending(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda item: -item[1])


def _mean(numbers: Sequence[int]) -> float:
    return sum(numbers) / len(numbers)


def _optional(number: float | None, form: str) -> str | None:
    return None if number is None else format(number, form)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _short(number: int) -> str:
    for unit, size in (("billion", 10**9), ("million", 10**6)):
        if number >= size:
            return f"{number / size:.1f} {unit}"
    return f"{number:,}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
