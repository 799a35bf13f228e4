"""``inkmill tokenizer``: train pieces of words on a text, look at what they make of lines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from corpora.tokenizer import Tokenizer

DRAWN = 2000  # lines of a corpus that tokens are counted on

app = typer.Typer(no_args_is_help=True, help="Train pieces of words on a text, look at them.")

Target = Annotated[str, typer.Option(help="Lengths of the lines of a corpus that tokens are counted on.")]


@app.command()
def train(
    place: Annotated[
        str,
        typer.Argument(help="A corpus, a file of texts, or a SPEC such as tsv:PATH without its test lines."),
    ],
    out: Annotated[Path, typer.Option(help="The JSON file to write.")],
    pieces: Annotated[int, typer.Option(min=5, help="Number of tokens with the four specials.")] = 500,
    alphabet: Annotated[
        str | None,
        typer.Option(help="What every text of comes back as it was; by default that of the place."),
    ] = None,
    target: Target = "iam",
) -> None:
    """Learn byte pairs with sentencepiece; the same text gives the same file."""
    from common.files import write_atomic
    from corpora.alphabet import load_alphabet
    from corpora.bpe import train_bpe

    characters = load_alphabet(alphabet or place)
    tokenizer = train_bpe(_texts(place), characters, pieces)
    write_atomic(out, tokenizer.to_json() + "\n")
    typer.echo(f"{_headline(tokenizer)}, in {out}")
    typer.echo(_lengths(tokenizer, place, target))


@app.command()
def show(
    path: Annotated[Path, typer.Argument(help="A tokenizer, or an alphabet in JSON.")],
    text: Annotated[list[str] | None, typer.Option(help="A line to take apart; can be given again.")] = None,
    lines: Annotated[
        str | None, typer.Option(help="A corpus, a file of texts or a SPEC to count the tokens of.")
    ] = None,
    target: Target = "iam",
) -> None:
    """List the pieces, or show what becomes of lines; the pieces of a line stand between bars."""
    from corpora.alphabet import BOS, EOS, PAD, SPECIALS, UNK, describe_all
    from corpora.tokenizer import load_tokenizer

    tokenizer = load_tokenizer(path)
    typer.echo(_headline(tokenizer))
    for line in text or []:
        ids = tokenizer.encode(line)
        typer.echo(f"{len(ids):5} tokens  |{'|'.join(tokenizer.decode([token]) for token in ids)}|")
        if foreign := tokenizer.foreign(line):
            typer.echo(f"{'':14} unknown: {describe_all(foreign)}")
    if lines:
        typer.echo(_lengths(tokenizer, lines, target))
    if not text and not lines:
        names = {BOS: "BOS", PAD: "PAD", EOS: "EOS", UNK: "UNK"}
        for token in range(tokenizer.size):
            typer.echo(f"{token:5}  {names[token] if token < SPECIALS else f'|{tokenizer.decode([token])}|'}")


def _headline(tokenizer: Tokenizer) -> str:
    return f"{tokenizer.size} tokens, fingerprint {tokenizer.fingerprint}"


def _lengths(tokenizer: Tokenizer, place: str, target: str) -> str:
    from corpora.tokenizer import measure_lengths

    found = measure_lengths(tokenizer, _sample(place, target))
    unknown = f", {found.unknown:,} unknown tokens" if found.unknown else ""
    return (
        f"{found.lines:,} lines: {found.mean:.1f} tokens a line, the longest {found.longest}; "
        f"{found.characters:.2f} characters a token{unknown}"
    )


def _texts(place: str) -> Iterable[str]:
    from common.errors import UsageError
    from corpora.texts import texts_at

    texts = texts_at(place)
    if texts is None:
        raise UsageError(
            f"There is no text at '{place}'", "a corpus, a file of texts or a SPEC", "check the name"
        )
    return texts


def _sample(place: str, target: str) -> list[str]:
    """Lines to count on: those of real handwriting and files, drawn ones of a corpus."""
    from corpora.texts import is_corpus

    if not is_corpus(place):
        return [text for text in _texts(place) if text]
    from corpora.corpus import load_corpus
    from corpora.lengths import load_target
    from corpora.sampler import TextSampler

    sampler = TextSampler(load_corpus(place), load_target(target), seed=0)
    return [sampler.line(index).text for index in range(DRAWN)]
