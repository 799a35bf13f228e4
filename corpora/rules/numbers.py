"""Numbers as people write them: dates, amounts, times, telephone numbers, plain numbers.

They are the lines of the digits benchmark and the text of ``builtin:numbers``, and know no language; the
numbers of a language stand in its YAML file, see :mod:`corpora.rules.language`. No picture is made here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from common.seeds import Draws

Random = Draws | np.random.Generator
Phrase = Callable[[Random], str]


def number_phrase(rng: Random) -> str:
    """One phrase of 1 to 16 characters out of ``0-9 / . , - : +`` and blanks."""
    return _KINDS[int(rng.integers(len(_KINDS)))](rng)


def _date(rng: Random) -> str:
    day, month, year = int(rng.integers(1, 29)), int(rng.integers(1, 13)), int(rng.integers(1800, 2100))
    mark = "/.-"[int(rng.integers(3))]
    if mark == "-":
        return f"{year}-{month:02d}-{day:02d}"
    padded = rng.random() < 0.6
    written = f"{day:02d}{mark}{month:02d}" if padded else f"{day}{mark}{month}"
    return f"{written}{mark}{year if rng.random() < 0.7 else f'{year % 100:02d}'}"


def _amount(rng: Random) -> str:
    whole = int(10 ** rng.uniform(0, 6))
    return (
        f"{whole:,}.{int(rng.integers(100)):02d}"
        if rng.random() < 0.7
        else f"{whole},{int(rng.integers(100)):02d}"
    )


def _time(rng: Random) -> str:
    clock = f"{int(rng.integers(24)):02d}:{int(rng.integers(60)):02d}"
    return f"{clock}:{int(rng.integers(60)):02d}" if rng.random() < 0.25 else clock


def _telephone(rng: Random) -> str:
    digits = "".join(str(rng.integers(10)) for _ in range(10))
    style = int(rng.integers(3))
    if style == 0:
        return f"+{1 + int(digits[0])} {digits[1:4]} {digits[4:7]} {digits[7:]}"
    if style == 1:
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    return " ".join(digits[k : k + 2] for k in range(0, 10, 2))


def _plain(rng: Random) -> str:
    return str(int(10 ** rng.uniform(0, 7)))


_KINDS: tuple[Phrase, ...] = (_date, _amount, _time, _telephone, _plain)
