"""The child process of :mod:`fonts.probe`: font files named on stdin, one JSON answer a line on stdout.

It may be killed by a broken font; nothing of value lives here. An answer says whether the process is
``worn``: memory that a large font took is not always given back, so the process is then replaced.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import freetype

from common.errors import DataError
from common.memory import peak_bytes
from fonts.measure import face_count, measure
from fonts.sfnt import font_bytes

_MAX_FACES = 64
_WORN_BYTES = 300 << 20  # of memory at its peak; about 110 MB are usual


def answer(path: Path) -> dict[str, Any]:
    """``{"faces": [...]}`` with the measures of every face, or ``{"fault": "..."}`` in a few words."""
    try:
        content = font_bytes(path)
        faces = min(face_count(content), _MAX_FACES)
        return {"faces": [asdict(measure(content, face)) for face in range(faces)]}
    except DataError as error:
        return {"fault": error.found.removeprefix(f"The font {path} ").removeprefix("is ")}
    except MemoryError:
        return {"fault": "needs too much memory"}
    except (
        Exception
    ) as error:  # whatever a broken font raises in a foreign library is the answer, not an accident
        return {"fault": f"broken: {_reason(error)}"}


def _reason(error: Exception) -> str:
    """What FreeType says in words; of other libraries, whose words are their own, only the kind."""
    if isinstance(error, freetype.FT_Exception):
        return str(error).rpartition("(")[2].rstrip(")")
    return f"a table cannot be read ({type(error).__name__})"


def main(memory_bytes: int) -> None:
    """Answer until stdin ends."""
    if sys.platform == "linux":  # elsewhere the address space cannot be bounded reliably
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print must not mix with the answers
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        told = answer(Path(json.loads(line)))
        print(json.dumps({**told, "worn": peak_bytes() > _WORN_BYTES}), file=answers, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
