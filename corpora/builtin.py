"""Text that every installation carries: English from Python's own topics and the READMEs of installed
distributions.

Sentences that are code, markup, tables or lists are left out, so that what remains reads as English. The same
installed versions give the same text. No text is stored in the project.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import metadata
from itertools import islice

from common.seeds import stream
from corpora.raw_text import BATCH, TextBatch
from corpora.rules.numbers import number_phrase

NUMBER_DOCUMENTS = 400
_OWN = "inkmill"
_INDENTED = re.compile(r"^(?: {2,}|\t)")
_LIST_MARK = re.compile(r"^\s*(?:[-*+•]|\d+[.)]|#+)\s+")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_ROLE = re.compile(r":[a-z:+]+:`([^`<]+)(?:<[^>]*>)?`|`([^`<]+?)\s*<[^>]*>`_+|``?([^`]+)``?_*")
_EMPHASIS = re.compile(r"(\*\*|\*|__)(?=\S)(.+?)(?<=\S)\1")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]?\s+(?=[\"'(]?[A-Z])")
_CODE = re.compile(
    r"[_\\|<>{}\[\]=~^*#`@$]|\w\(|\)\w|::|\.\.|--|//|\w\.[a-z]|\w/\w|[a-z][A-Z]|\d\.\d+\.\d|\+\+"
)
_WORD = re.compile(r"[A-Za-z']+")
_COMMON = re.compile(
    "a|all|also|an|and|any|are|as|at|be|been|but|by|can|for|from|has|have|if|in|into|is|it|its|may|more|most|no|not"
    "|of|on|one|only|or|other|same|so|some|such|than|that|the|their|them|then|there|these|they|this|to|use|used|was"
    "|we|when|which|will|with|you|your",
    re.IGNORECASE,
)


def read(name: str) -> Iterator[TextBatch]:
    """The paragraphs of ``builtin:NAME``, in batches."""
    paragraphs = _english() if name == "en" else _numbers()
    while batch := list(islice(paragraphs, BATCH)):
        texts, documents = zip(*batch, strict=True)
        yield TextBatch(list(texts), list(documents), f"builtin:{name}")


def versions() -> dict[str, str]:
    """What the text depends on: Python's version and those of the distributions."""
    return {"python": sys.version.split()[0]} | {name: d.version for name, d in _distributions()}


def prose(text: str) -> Iterator[list[str]]:
    """Runs of neighbouring English sentences in a plain, reStructuredText or Markdown text."""
    run: list[str] = []
    for paragraph in _paragraphs(text):
        for sentence in _SENTENCE_END.split(paragraph):
            if is_prose(sentence):
                run.append(sentence)
            elif run:
                yield run
                run = []
    if run:
        yield run


def is_prose(sentence: str) -> bool:
    """Whether a sentence reads as English: begin, end, word lengths, common words, no code."""
    if not sentence or not (sentence[0].isupper() or sentence[0] in "\"'(") or sentence[-1] not in ".!?\"')":
        return False
    if _CODE.search(sentence):
        return False
    words = _WORD.findall(sentence)
    if len(words) < 5 or not 2.5 <= sum(map(len, words)) / len(words) <= 8:
        return False
    letters = sum(map(len, words)) + sentence.count(" ")
    return letters >= 0.85 * len(sentence) and sum(map(bool, map(_COMMON.fullmatch, words))) >= 0.2 * len(
        words
    )


def _english() -> Iterator[tuple[str, int]]:
    """(sentence, number of its document)."""
    document = 0
    for _, text in _texts():
        for run in prose(text):
            yield from ((sentence, document) for sentence in run)
            document += 1


def _texts() -> Iterator[tuple[str, str]]:
    from pydoc_data.topics import topics

    yield from sorted(topics.items())
    for name, distribution in _distributions():
        message = distribution.metadata
        payload = message.get("Description") or message.get_payload()  # type: ignore[attr-defined]
        if isinstance(payload, str):
            yield name, payload


def _distributions() -> list[tuple[str, metadata.Distribution]]:
    found: dict[str, metadata.Distribution] = {}
    for distribution in metadata.distributions():
        if name := distribution.metadata["Name"]:
            found.setdefault(name.lower(), distribution)
    found.pop(_OWN, None)
    return sorted(found.items())


def _paragraphs(text: str) -> Iterator[str]:
    text = _COMMENT.sub("", _FENCE.sub("", text.replace("\r\n", "\n")))
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.split("\n") if line.strip()]
        if lines and not any(map(_INDENTED.match, lines)):
            yield from _items(lines)


def _items(lines: list[str]) -> Iterator[str]:
    """A block as one paragraph, or one for each item of a list."""
    item: list[str] = []
    for line in lines:
        if _LIST_MARK.match(line) and item:
            yield _plain(item)
            item = []
        item.append(_LIST_MARK.sub("", line))
    yield _plain(item)


def _plain(lines: list[str]) -> str:
    text = " ".join(line.strip() for line in lines)
    text = _LINK.sub(r"\1", text)
    text = _ROLE.sub(lambda match: next(group for group in match.groups() if group), text)
    text = _EMPHASIS.sub(r"\2", text)
    return " ".join(text.split())


def _numbers() -> Iterator[tuple[str, int]]:
    for document in range(NUMBER_DOCUMENTS):
        rng = stream(0, document, "numbers")
        yield " ".join(number_phrase(rng) for _ in range(100)), document
