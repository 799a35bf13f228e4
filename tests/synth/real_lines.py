"""Drawn lines whose truth is known: strokes of a given width and slant on paper of a given grey."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

FINE = 8  # times larger while drawing
HEIGHT = 64


@dataclass(frozen=True)
class Drawn:
    """What a line is like; lengths in pixels, levels in grey."""

    words: int = 4
    letters: int = 5
    x_height: float = 20.0
    baseline: float = 44.0
    stroke: float = 2.5
    slant: float = 10.0
    pitch: float = 12.0
    gap: float = 20.0
    side: float = 10.0
    paper: float = 220.0
    ink: float = 60.0
    blur: float = 0.0
    noise: float = 0.0
    ruled: float = 0.0
    shade: float = 0.0
    fading: float = 0.0

    @property
    def text(self) -> str:
        """What it says: one letter for every stroke."""
        return " ".join(["l" * self.letters] * self.words)

    def picture(self, seed: int = 0) -> NDArray[np.uint8]:
        """uint8 grey, 64 pixels high."""
        rng = np.random.default_rng(seed)
        starts, x = [], self.side + HEIGHT * max(np.tan(np.deg2rad(-self.slant)), 0)
        for _ in range(self.words):
            starts += [x + number * self.pitch for number in range(self.letters)]
            x = starts[-1] + self.gap + self.stroke
        width = round(x - self.gap + self.side + HEIGHT * max(np.tan(np.deg2rad(self.slant)), 0))
        cover = np.zeros((HEIGHT * FINE, width * FINE), np.uint8)
        for number, start in enumerate(starts):
            tall = 1.6 if number % self.letters == 0 else 1.0
            top = self.baseline - tall * self.x_height
            lean = np.tan(np.deg2rad(self.slant)) * tall * self.x_height
            ends = [(start, self.baseline), (start + lean, top)]
            low, high = (tuple(round(value * FINE) for value in end) for end in ends)
            cv2.line(cover, low, high, 255, round(self.stroke * FINE))
        opacity = cv2.resize(cover, (width, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        opacity *= 1 - self.fading * np.linspace(0, 1, width, dtype=np.float32)
        sheet = np.full((HEIGHT, width), self.paper, np.float32)
        sheet += self.shade * np.linspace(-1, 1, width, dtype=np.float32)
        sheet[round(self.baseline) + 4] -= self.ruled
        page = sheet + opacity * (self.ink - sheet)
        if self.blur:
            page = cv2.GaussianBlur(page, (0, 0), self.blur)
        page = page + self.noise * rng.standard_normal(page.shape)
        return np.clip(np.rint(page), 0, 255).astype(np.uint8)
