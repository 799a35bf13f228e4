"""Which open licence a font is under, as an SPDX id, from the words of its licence text or of its name table.

Says nothing about whether a use is allowed; ``unknown`` means that no known licence was recognised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

UNKNOWN = "unknown"

_MARKS = (
    (
        "OFL-1.1",
        re.compile(r"SIL Open Font Licen[sc]e|scripts\.sil\.org/OFL|openfontlicense\.org", re.IGNORECASE),
    ),
    ("Apache-2.0", re.compile(r"Apache Licen[sc]e|apache\.org/licenses/LICENSE-2\.0", re.IGNORECASE)),
    ("UFL-1.0", re.compile(r"Ubuntu Font Licen[sc]e", re.IGNORECASE)),
    ("CC0-1.0", re.compile(r"Creative Commons Zero|\bCC0\b|publicdomain/zero", re.IGNORECASE)),
    ("MIT", re.compile(r"\bMIT Licen[sc]e", re.IGNORECASE)),
)


def spdx(texts: Iterable[str]) -> str:
    """The SPDX id of the first text that names a licence, else ``unknown``."""
    for text in texts:
        for identifier, mark in _MARKS:
            if mark.search(text):
                return identifier
    return UNKNOWN
