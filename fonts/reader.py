"""Reads single letters and digits, well enough to tell letters from icons and capitals from small letters.

A linear discriminant over the directions of edges in a slant-free picture and over its place and size. Its
weights (``reader.json``) are fitted by ``benchmarks/font_reader.py`` on sound fonts and read about six of
seven characters of a family never seen. It is no recogniser of handwriting: it looks at one glyph at a time.
"""

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fonts.glyphs import framed
from fonts.letterforms import Ink

CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
WEIGHTS = Path(__file__).with_name("reader.json")

_SIDE = 20  # pixels of a picture, cut into 5 x 5 cells
_CELLS = 5
_DIRECTIONS = 6
_ALIKE = str.maketrans("0CKOPSUVWXZJYIM1l5i", "ockopsuvwxzjyimiisi")  # look alike out of their line

Vectors = NDArray[np.floating]


def describe(pictures: Mapping[Any, tuple[Ink, int]], x_pixels: float, slant: float) -> Vectors:
    """What the reader looks at, float32 (N, 180): one row a picture.

    Args:
        pictures: anything -> ink, not of no size, and the pixels from the baseline to its upper edge.
        x_pixels: x-height of the pictures.
        slant: degrees to the right that they lean.
    """
    upright = [_upright(ink[::2, ::2], slant) for ink, _ in pictures.values()]  # half the size is enough
    squares = np.stack([_square(picture) for picture in upright])
    tops = np.array([top / 2 for _, top in pictures.values()])
    heights, widths = np.array([picture.shape for picture in upright]).T
    places = (tops, heights - tops, widths, heights)
    size = [4 * place / x_pixels for place in places] + [2 * np.log((widths + 2) / (heights + 2))]
    return np.concatenate([_edges(squares), _cells(squares), np.stack(size, axis=1)], 1).astype(np.float32)


def read(vectors: Vectors) -> str:
    """The most likely character of :data:`CHARACTERS` for every row of :func:`describe`."""
    weights = _weights()
    return "".join(CHARACTERS[best] for best in (vectors @ weights[:-1] + weights[-1]).argmax(axis=1))


def alike(text: str) -> str:
    """The text with one character for all that differ in size or context only, such as O, o and 0."""
    return text.translate(_ALIKE)


def pack(weights: Vectors) -> str:
    """The content of ``reader.json`` for weights of (features + 1, characters), the constant last."""
    halved = base64.b64encode(weights.astype("<f2").tobytes()).decode()
    return json.dumps({"characters": CHARACTERS, "weights": halved}, indent=1) + "\n"


@functools.cache
def _weights() -> Vectors:
    packed = base64.b64decode(json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"])
    return np.frombuffer(packed, "<f2").astype(np.float32).reshape(-1, len(CHARACTERS))


def _upright(ink: Ink, slant: float) -> NDArray[np.uint8]:
    """The picture without its slant, cut to its ink."""
    import cv2

    lean = float(np.tan(np.radians(slant)))
    height, width = ink.shape
    shear = np.array([[1, lean, max(0.0, -lean * height)], [0, 1, 0]], np.float32)
    size = (int(width + abs(lean) * height) + 2, height)
    sheared = np.asarray(cv2.warpAffine(ink.astype(np.uint8) * 255, shear, size), np.uint8)
    inked = np.flatnonzero(sheared.max(axis=0) > 60)
    return sheared[:, inked[0] : inked[-1] + 1] if inked.size else sheared


def _square(picture: NDArray[np.uint8]) -> Vectors:
    import cv2

    small = cv2.resize(picture, (_SIDE - 4, _SIDE - 4), interpolation=cv2.INTER_AREA)
    square = np.asarray(small, np.uint8)
    return np.asarray(cv2.GaussianBlur(framed(square, 2), (0, 0), 1.0), np.float32) / 255


def _edges(squares: Vectors) -> Vectors:
    """Strength of the edges by cell and direction, (N, 150); the root keeps one strong edge from ruling."""
    down, across = np.gradient(squares, axis=(1, 2))
    strength = np.hypot(down, across)
    direction = np.arctan2(down, across) % np.pi / np.pi * _DIRECTIONS
    parts = []
    for centre in range(_DIRECTIONS):
        apart = np.abs((direction - centre + _DIRECTIONS / 2) % _DIRECTIONS - _DIRECTIONS / 2)
        parts.append(_pooled(strength * np.clip(1 - apart, 0, 1)))
    edges = np.concatenate(parts, axis=1)
    rooted: Vectors = 10 * np.sqrt(edges / (edges.sum(axis=1, keepdims=True) + 1e-6))
    return rooted


def _cells(squares: Vectors) -> Vectors:
    """Share of the ink by cell, (N, 25)."""
    ink = _pooled(squares)
    return 10 * ink / (ink.sum(axis=1, keepdims=True) + 1e-6)


def _pooled(squares: Vectors) -> Vectors:
    cell = _SIDE // _CELLS
    cells = squares.reshape(len(squares), _CELLS, cell, _CELLS, cell).mean(axis=(2, 4))
    return cells.reshape(len(squares), -1)
