"""Where a sample's random values come from: a stream for every purpose, of the line itself or of its page.

What a writer, his pen, his paper and the camera keep over a page is drawn from the page's streams; what
differs from line to line from the line's own. A stream is opened when it is first drawn from, for many
stations draw nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np

from common.seeds import stream


@dataclass(frozen=True, slots=True)
class Streams:
    """The streams of one sample.

    Attributes:
        seed: of the run.
        index: of the sample in the run.
        page: number of the sample's page; pages are numbered apart from samples.
        attempt: another draw of the same sample, after a rejection; 0 is the first. A line that is drawn
            again may leave its page's traits.
    """

    seed: int
    index: int
    page: int
    attempt: int = 0

    def line(self, purpose: str) -> np.random.Generator:
        """What this line has for itself."""
        return _unopened(self.seed, self.index, self._named(purpose))

    def kept(self, purpose: str) -> np.random.Generator:
        """What all lines of the page share."""
        return _unopened(self.seed, self.page, f"page/{self._named(purpose)}")

    def _named(self, purpose: str) -> str:
        return f"{purpose}/{self.attempt}" if self.attempt else purpose


class _Unopened:
    """A generator in all it does, made from its key at first use."""

    def __init__(self, *key: Any) -> None:
        self._key = key

    @cached_property
    def _opened(self) -> np.random.Generator:
        return stream(*self._key)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._opened, name)
        setattr(self, name, method)  # looked up once
        return method


def _unopened(*key: Any) -> np.random.Generator:
    return cast(np.random.Generator, _Unopened(*key))
