"""Rendering beside its peers in one run: the same texts and fonts, one core, repeats in turn.

    python benchmarks/render.py [--trdg PYTHON] [--synthtiger PYTHON --template FOLDER] [--json FILE]
    python benchmarks/render.py --memory [LINES]
    python benchmarks/render.py --encodings

Peers live in environments of their own (see ``benchmarks/README.md``); one that is not given is skipped with
a sentence. Rates are CPU time, so that neighbours on the machine weigh little; ratios are taken within a
repeat. ``--memory`` draws lines in 2,000 hands and prints what the process holds; ``--encodings`` compares
picture formats.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from common.files import write_json
from fonts.hand import Hand
from pipelines.bench.figure import Figure
from pipelines.bench.render import Job, jobs_of
from pipelines.bench.run import record, rows
from shards.pictures import encode
from synth.recipe import Recipe, load_recipe
from synth.render import render
from synth.sample import LineSample

REPEATS = 5
HANDS = 2000
SLOW = 4  # lines a repeat of the slowest peer

Way = Callable[[], float]  # lines a second in one repeat


def compare(options: argparse.Namespace) -> list[Figure]:
    """Every way in turn, and how ours compare."""
    jobs = jobs_of("iam")
    ways: dict[str, Way] = {
        "plain": _ours(jobs, load_recipe("plain")),
        "iam": _ours(jobs, load_recipe("iam")),
        "plain, encoded": _ours(jobs, load_recipe("plain"), encoded=True),
        "floor, encoded": _floor(jobs),
    }
    for name, python, count in (("trdg", options.trdg, len(jobs)), ("synthtiger", options.synthtiger, SLOW)):
        if python:
            ways[name] = _peer(name, python, jobs, count, options.template)
        else:
            sys.stderr.write(f"{name} is not measured: give the Python that has it with --{name}.\n")
    for way in ways.values():
        way()
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(REPEATS):
        for name, way in ways.items():
            rates[name].append(way())
    figures = [_figure(f"{name}, lines per second", values, "lines/s") for name, values in rates.items()]
    for ours, theirs, wanted in (
        ("plain", "trdg", 10.0),
        ("iam", "trdg", 3.0),
        ("iam", "synthtiger", 100.0),
        ("plain, encoded", "floor, encoded", 0.5),
    ):
        if theirs in rates:
            ratios = [a / b for a, b in zip(rates[ours], rates[theirs], strict=True)]
            figures.append(_figure(f"{ours} against {theirs}", ratios, "times", wanted))
    return figures


def _figure(name: str, values: Sequence[float], unit: str, wanted: float | None = None) -> Figure:
    spread = f"CPU time, {len(values)} repeats in turn, {min(values):.3g} to {max(values):.3g}"
    return Figure(name, statistics.median(values), unit, wanted, compared=spread)


def _ours(jobs: Sequence[Job], recipe: Recipe, encoded: bool = False) -> Way:
    def way() -> float:
        begin = time.process_time()
        for index, (text, hand) in enumerate(jobs):
            sample = render(text, hand, recipe, 0, index)
            if encoded and isinstance(sample, LineSample):
                encode(sample.image, "png")
        return len(jobs) / (time.process_time() - begin)

    return way


def _floor(jobs: Sequence[Job]) -> Way:
    """What no generator can beat by much: masks of whole glyphs, made once, pasted one after the other."""
    lines = [(text.text, hand, _advances(text.text, hand)) for text, hand in jobs]

    def way() -> float:
        begin = time.process_time()
        for text, hand, places in lines:
            picture = np.full((64, places[-1] + 64), 255, np.uint8)
            for character, place in zip(text, places[:-1], strict=True):
                mask = _mask(hand, character)
                window = picture[:, place : place + mask.shape[1]]
                np.minimum(window, mask, out=window)
            encode(picture, "png")
        return len(lines) / (time.process_time() - begin)

    return way


@cache
def _mask(hand: Hand, character: str) -> NDArray[np.uint8]:
    """One letter, black on white, as our own rasteriser draws it."""
    from corpora.text_line import TextLine

    sample = render(TextLine(character, "floor", 0, ()), hand, _alone(), 0, 0)
    if not isinstance(sample, LineSample):
        return np.full((64, 20), 255, np.uint8)
    left, _, right, _ = sample.boxes[0]
    return np.ascontiguousarray(sample.image[:, left:right])


@cache
def _alone() -> Recipe:
    return load_recipe("plain", ("output.fit=x-height", "hand.x_height=[0.4,0.4]", "proof.ink_share=[0,1]"))


def _advances(text: str, hand: Hand) -> list[int]:
    return [0, *np.cumsum([_mask(hand, character).shape[1] + 2 for character in text]).tolist()]


def _peer(name: str, python: Path, jobs: Sequence[Job], count: int, template: Path | None) -> Way:
    """Another generator in a process of its own."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        json.dump([(text.text, str(hand.path)) for text, hand in jobs], file)
    program = Path(__file__).with_name("render_peers.py")
    peer = subprocess.Popen(
        [str(python), str(program), name, file.name, str(template or "")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip

    def way() -> float:
        assert peer.stdin and peer.stdout
        peer.stdin.write(f"{count}\n")
        peer.stdin.flush()
        answer: dict[str, Any] = json.loads(peer.stdout.readline())
        return float(answer["made"] / answer["seconds"])

    return way


def memory(lines: int) -> None:
    """What the process holds while it draws lines in many hands."""
    from fonts.catalogue import default_catalogue
    from fonts.variants import vary

    fonts, recipe, jobs = default_catalogue().usable("train"), load_recipe("iam"), jobs_of("iam")
    hands = [vary(fonts[number % len(fonts)], number // len(fonts)) for number in range(HANDS)]
    for number in range(lines):
        render(jobs[number % len(jobs)][0], hands[(number * 7919) % HANDS], recipe, 0, number)
        if number % (lines // 20) == 0 or number == lines - 1:
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            _say(f"{number + 1} lines: {pages * 4096 / 2**20:.0f} MiB")


def encodings() -> None:
    """Bytes and speed of picture formats, over lines of the recipe `iam`."""
    recipe, jobs = load_recipe("iam"), jobs_of("iam")
    samples = [render(text, hand, recipe, 0, index) for index, (text, hand) in enumerate(jobs)]
    pictures = [sample.image for sample in samples if isinstance(sample, LineSample)]
    png, strategy = cv2.IMWRITE_PNG_COMPRESSION, cv2.IMWRITE_PNG_STRATEGY
    formats: dict[str, tuple[str, list[int]]] = {
        "PNG 1, run lengths": (".png", [png, 1, strategy, cv2.IMWRITE_PNG_STRATEGY_RLE]),
        "PNG 1": (".png", [png, 1]),
        "PNG 3": (".png", [png, 3]),
        "PNG 6": (".png", [png, 6]),
        "JPEG 85": (".jpg", [cv2.IMWRITE_JPEG_QUALITY, 85]),
        "JPEG 90": (".jpg", [cv2.IMWRITE_JPEG_QUALITY, 90]),
        "JPEG 95": (".jpg", [cv2.IMWRITE_JPEG_QUALITY, 95]),
        "WebP, lossless": (".webp", [cv2.IMWRITE_WEBP_QUALITY, 101]),
    }
    _say("| format | written/s | read/s | kB | mean error, grey levels |\n|---|---|---|---|---|")
    for name, (suffix, parameters) in formats.items():
        write, packed = _timed(lambda p, s=suffix, o=parameters: cv2.imencode(s, p, o)[1], pictures)
        read, again = _timed(lambda p: cv2.imdecode(p, cv2.IMREAD_GRAYSCALE), packed)
        size = statistics.mean(len(content) for content in packed) / 1000
        error = statistics.mean(
            float(cv2.norm(one, other, cv2.NORM_L1)) / one.size
            for one, other in zip(pictures, again, strict=True)
        )
        _say(f"| {name} | {write:,.0f} | {read:,.0f} | {size:.1f} | {error:.2f} |")


def _timed(action: Callable[[Any], Any], items: Sequence[Any]) -> tuple[float, list[Any]]:
    """The best rate of three runs, and what they made."""
    rates = []
    for _ in range(3):
        begin = time.process_time()
        made = [action(item) for item in items]
        rates.append(len(items) / (time.process_time() - begin))
    return max(rates), made


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trdg", type=Path, help="Python that has TextRecognitionDataGenerator 1.8.0")
    parser.add_argument("--synthtiger", type=Path, help="Python that has SynthTIGER 1.2.1")
    parser.add_argument("--template", type=Path, help="folder of SynthTIGER's examples/synthtiger")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--memory", type=int, nargs="?", const=100_000, help="draw so many lines")
    parser.add_argument("--encodings", action="store_true")
    options = parser.parse_args()
    if options.synthtiger and not options.template:
        parser.error("--synthtiger needs --template")
    cv2.setNumThreads(1)
    if options.memory:
        memory(options.memory)
    elif options.encodings:
        encodings()
    else:
        figures = compare(options)
        _say("\n".join(rows(figures)))
        if options.json:
            write_json(options.json, record("render", figures) | {"command": "python benchmarks/render.py"})


if __name__ == "__main__":
    main()
