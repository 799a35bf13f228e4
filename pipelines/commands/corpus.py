"""``inkmill corpus``: build a corpus of text, look at it, draw lines from it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from corpora.corpus import Counts
    from corpora.lengths import Fit, LengthTarget
    from corpora.line_sample import LineSample
    from corpora.sampler import TextSampler

FEWEST = 50  # lines that a probability is told of

app = typer.Typer(no_args_is_help=True, help="Build a corpus of text, look at it, draw lines from it.")


@app.command()
def build(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE...", help="builtin:en, file:PATH, url:URL, hf:NAME; see the docs."),
    ],
    out: Annotated[str, typer.Option(help="The folder to make (PATH or file:PATH), or a URL.")],
    alphabet: Annotated[
        str, typer.Option(help="A preset such as en or en+fr, or a file of characters.")
    ] = "en",
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after so many clean paragraphs.")] = None,
    repeats: Annotated[int, typer.Option(min=1, help="How often one paragraph may occur.")] = 1,
    near_repeats: Annotated[
        int, typer.Option(min=0, help="How many that are nearly alike may stay; 0 looks for none.")
    ] = 10,
    policy: Annotated[
        str, typer.Option(help="What the alphabet lacks: repair, remove, reject, or share.")
    ] = "repair",
    foreign_share: Annotated[
        float, typer.Option(min=0, max=1, help="Share of a line that the policy share removes.")
    ] = 0.02,
    repairs: Annotated[Path | None, typer.Option(help="A repair table instead of the shipped one.")] = None,
    shortest: Annotated[int, typer.Option(min=1, help="Characters a paragraph must have.")] = 1,
    longest: Annotated[int, typer.Option(min=1, help="Characters a paragraph may have.")] = 1_000_000,
    language: Annotated[
        list[str] | None, typer.Option(help="Keep only text in this language, such as en; may be repeated.")
    ] = None,
    guard: Annotated[
        list[str] | None,
        typer.Option(help="Reject, as 'benchmark', lines of this SPEC or file; may be repeated."),
    ] = None,
    guard_words: Annotated[int, typer.Option(min=2, help="Words in a row by which --guard knows them.")] = 6,
    rejects: Annotated[
        int, typer.Option(min=0, help="Rejected lines to keep, per reason and segment.")
    ] = 1000,
    workers: Annotated[int, typer.Option(min=1, help="Processes at a time.")] = 1,
    ray: Annotated[
        str | None, typer.Option(help="Address of a Ray cluster whose nodes share the folder.")
    ] = None,
) -> None:
    """Clean text to an alphabet and keep it in a folder.

    What was finished before an interruption is not made again. Exit code 3 tells that a damaged source lost
    text; the corpus of the good part is there all the same.
    """
    from common.errors import DataError, UsageError
    from corpora.alphabet import load_alphabet
    from corpora.build import BuildOptions, build_corpus
    from corpora.raw_text import EMPTY_FILE
    from pipelines.executors import InlineExecutor, make_executor

    if out.startswith("memory:"):
        raise UsageError(
            f"The corpus {out} would be gone when the command ends", "a folder or the URL of a store"
        )
    values = {
        "limit": limit,
        "repeats": repeats,
        "near_repeats": near_repeats,
        "policy": policy,
        "foreign_share": foreign_share,
        "repairs": repairs,
        "shortest": shortest,
        "longest": longest,
        "languages": language or (),
        "guard": guard or (),
        "guard_words": guard_words,
        "rejects": rejects,
    }
    options = BuildOptions.parse(values, "the options")
    if ray:
        executor = make_executor("ray", workers, ray)
    else:
        executor = make_executor("local", workers) if workers > 1 else InlineExecutor()
    counts = build_corpus(sources, load_alphabet(alphabet), out, options, executor.map).counts
    for line in _losses(counts):
        typer.echo(line, err=True)
    typer.echo(_summary(counts))
    if any(loss["reason"] != EMPTY_FILE for loss in counts.losses):
        raise typer.Exit(DataError.exit_code)


@app.command()
def show(
    path: Annotated[str, typer.Argument(help="A corpus: its folder or URL.")],
    samples: Annotated[int, typer.Option("-n", min=0, help="How many documents to show.")] = 5,
) -> None:
    """What a corpus holds and what was dropped, by reason, with samples."""
    from corpora.alphabet import describe
    from corpora.corpus import load_corpus

    corpus = load_corpus(path)
    typer.echo(_summary(corpus.counts))
    typer.echo(f"alphabet {''.join(corpus.alphabet.characters)!r}, fingerprint {corpus.fingerprint}")
    for source in corpus.sources:
        share = "" if source.weight is None else f", weight {source.weight:g}"
        typer.echo(f"source {source.spec}: {source.stop - source.start:,} documents{share}")
    if corpus.counts.foreign:
        typer.echo("\nwhat the alphabet lacks, by paragraphs:")
        for character, count in list(corpus.counts.foreign.items())[:20]:
            typer.echo(f"  {count:,} {describe(character)}")
    for reason, dropped in corpus.counts.samples.items():
        typer.echo(f"\n{reason}, for example:")
        for text in dropped:
            typer.echo(f"  {text}")
    typer.echo("\ndocuments:")
    step = max(len(corpus) // samples, 1) if samples else 1
    for index in range(0, len(corpus), step)[:samples]:
        text, place = corpus[index]
        typer.echo(f"  {index} ({place}) {text[:100]}")


@app.command()
def rejected(
    path: Annotated[str, typer.Argument(help="A corpus: its folder or URL.")],
    reason: Annotated[str | None, typer.Option(help="Only this one, such as foreign.")] = None,
    count: Annotated[int, typer.Option("-n", min=1, help="How many lines at most.")] = 100,
) -> None:
    """The lines that were rejected, as far as they were kept: reason, source, line, detail, by tabs."""
    from itertools import islice

    from common.errors import UsageError, nearest
    from corpora.build import read_rejected
    from corpora.corpus import load_corpus

    corpus = load_corpus(path)
    if reason is not None and reason not in corpus.counts.dropped:
        raise UsageError(f"Nothing was rejected as '{reason}'", nearest(reason, corpus.counts.dropped))
    for line in islice(read_rejected(corpus, reason), count):
        typer.echo("\t".join((line.reason, line.source, line.text.replace("\t", " "), line.detail)))


@app.command()
def repairs(
    path: Annotated[Path | None, typer.Argument(help="A table; the shipped one by default.")] = None,
) -> None:
    """What is written instead of characters that an alphabet lacks: group, character, name, replacement."""
    from corpora.alphabet import describe
    from corpora.cleaning import load_repairs

    for group, replacements in load_repairs(path).items():
        for replacement, characters in replacements.items():
            for character in characters:
                shown = character if character.isprintable() else " "
                typer.echo(f"{group}\t{shown}\t{describe(character)}\t{replacement!r}")


@app.command()
def sample(
    path: Annotated[str, typer.Argument(help="A corpus: a folder or the URL of one.")],
    target: Annotated[
        str, typer.Option(help="Lengths: iam, rimes, read2016, bentham, lam, vnondb, a file, or a SPEC.")
    ] = "iam",
    count: Annotated[int, typer.Option("-n", min=1, help="How many lines.")] = 20,
    seed: Annotated[int, typer.Option(help="Seed of the run.", min=0)] = 0,
    language: Annotated[str, typer.Option(help="Language of dates, names and the other rules.")] = "en",
    rule: Annotated[
        list[str] | None, typer.Option(help="Share of lines that a rule makes, such as dates=0.05; or none.")
    ] = None,
    fit: Annotated[bool, typer.Option("--fit", help="Tell what the lines are like, not the lines.")] = False,
) -> None:
    """Draw lines; how well they follow the target is told on stderr, or with --fit in full on stdout."""
    from corpora.lengths import compare
    from corpora.line_sample import draw_sample

    sampler = _sampler(path, target, seed, language, rule or ())
    if fit:
        for name, value in _fit_rows(draw_sample(sampler, count)):
            typer.echo(f"{name}\t{value}")
        return
    texts = [sampler.line(index).text for index in range(count)]
    for text in texts:
        typer.echo(text)
    found = compare([len(text) for text in texts], sampler.target)
    typer.echo(
        f"{count} lines; lengths {found.distance:.2f} characters from {target}{_probability(found)}", err=True
    )


@app.command()
def report(
    path: Annotated[str, typer.Argument(help="A corpus: a folder or the URL of one.")],
    out: Annotated[Path, typer.Option(help="The HTML file to write.")],
    target: Annotated[
        str, typer.Option(help="Lengths: a preset such as iam, a file of texts, or a SPEC.")
    ] = "iam",
    count: Annotated[int, typer.Option("-n", min=1, help="How many lines the figures rest on.")] = 100_000,
    seed: Annotated[int, typer.Option(help="Seed of the run.", min=0)] = 0,
    language: Annotated[str, typer.Option(help="Language of dates, names and the other rules.")] = "en",
    rule: Annotated[
        list[str] | None, typer.Option(help="Share of lines that a rule makes, such as dates=0.05; or none.")
    ] = None,
) -> None:
    """Write a page about a corpus: lengths, characters, sources, what was dropped, drawn lines, costs."""
    from common.progress import progress
    from corpora.report import write_corpus_report

    sampler = _sampler(path, target, seed, language, rule or ())
    with progress("Drawing lines", count) as step:
        fit = write_corpus_report(sampler, out, count, step).fit
    typer.echo(
        f"{out}: {count:,} lines; lengths {fit.variation:.4f} from {target} in total variation, "
        f"{fit.chance:.4f} by chance"
    )


def _sampler(path: str, target: str, seed: int, language: str, rules: Iterable[str]) -> TextSampler:
    """The sampler asked for; a language that is not written in the letters of the corpus is told once."""
    from corpora.corpus import load_corpus
    from corpora.lengths import load_target
    from corpora.rules.settings import load_rules
    from corpora.sampler import TextSampler

    sampler = TextSampler(load_corpus(path), load_target(target), seed, load_rules(language, rules))
    if unlike := sampler.unlike_script:
        typer.echo(unlike, err=True)
    return sampler


def _probability(fit: Fit) -> str:
    """Chi-square p, of as many lines as it means something for."""
    return f", chi-square p {fit.p:.3f}" if fit.count >= FEWEST else ""


def _fit_rows(sample: LineSample) -> list[tuple[str, str]]:
    """What lines are like, in words: fit, every rule, rare characters, sources, naturalness."""
    fit, sampler, count = sample.fit, sample.sampler, len(sample.lines)
    target, total = sampler.target, sample.characters.total()
    rates = {c: sample.characters[c] * 1e6 / total for c in sampler.corpus.alphabet.characters if c != " "}
    asked = {**sampler.rules.shares, "rare": sampler.rare.share}
    rarest = sorted(rates, key=rates.__getitem__)[:8]
    rows = [
        ("target", f"{target.name}: {target.source or 'a histogram'}"),
        ("lines", f"{count:,}, {count / sample.seconds:,.0f}/s"),
        (
            "characters",
            f"total variation {fit.variation:.4f} (a perfect sampler of as many lines {fit.chance:.4f}), "
            f"earth mover's {fit.distance:.3f}{_probability(fit)}",
        ),
        ("words", _words(fit, target)),
        (
            "short",
            f"{sample.edits['short'] / count:.2%} of the lines: the corpus has none of the drawn length",
        ),
        ("as cut", f"{sample.bits.get('', math.nan):.2f} bits per character"),
    ]
    rows += [
        (
            rule,
            f"{share:.2%} asked, {sample.edits[rule] / count:.2%} reached, "
            f"{sample.bits.get(rule, math.nan):.2f} bits per character",
        )
        for rule, share in asked.items()
        if share
    ]
    rows += [
        ("source", f"{source.spec} {lines / count:.2%} of the lines")
        for source, lines in zip(sampler.corpus.sources, sample.by_source, strict=True)
    ]
    if sample.by_rules:
        rows.append(("rules", f"{sample.by_rules / count:.2%} of the lines, phrases by themselves"))
    return [
        *rows,
        ("rarest", ", ".join(f"{c!r} {rates[c]:.0f}" for c in rarest) + " in a million characters"),
    ]


def _words(fit: Fit, target: LengthTarget) -> str:
    told = f"mean {fit.words_mean:.2f}, target "
    told += "not known" if target.words_mean is None else f"{target.words_mean:.2f}"
    if fit.words_variation is None:
        return told
    return f"{told}, total variation {fit.words_variation:.4f}, earth mover's {fit.words_distance:.3f}"


def _losses(counts: Counts) -> list[str]:
    """What damaged sources lost, the first few of each file and reason, then how many more."""
    from collections import Counter

    lines = [
        f"lost: {loss['source']} at {_place(loss)}: {loss['reason']}: {loss['detail']}".removesuffix(": ")
        for loss in counts.losses
    ]
    for reason, shown in Counter(loss["reason"] for loss in counts.losses).items():
        if more := counts.dropped[reason] - shown:
            lines.append(f"lost: and {more:,} more: {reason}")
        if reason == "not-utf8":
            lines.append("to convert a file to UTF-8: iconv -f LATIN1 -t UTF-8 OLD > NEW")
    return lines


def _place(loss: dict[str, Any]) -> str:
    """Where it stands; bytes of a compressed file are those of its text."""
    from corpora.unpacking import MAGIC

    packed = loss["source"].endswith(tuple(MAGIC))
    return f"byte {loss['position']:,}" + (" of the unpacked text" if packed else "")


def _summary(counts: Counts) -> str:
    dropped, edited = (
        ", ".join(f"{number:,} {name} ({number / counts.paragraphs:.1%})" for name, number in counted.items())
        for counted in (counts.dropped, counts.edited)
    )
    guarded = f"\nguarded: {counts.guarded:,} benchmark lines; {counts.unguarded:,} are too short for it"
    return (
        f"{counts.kept:,} of {counts.paragraphs:,} paragraphs kept: {counts.documents:,} documents, "
        f"{counts.characters:,} characters\ndropped: {dropped or 'nothing'}\nrepaired: {edited or 'nothing'}"
        f"{guarded if counts.guarded or counts.unguarded else ''}"
    )
