"""What the executors are asked to do in tests; importable by workers."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from common.errors import DataError


def square(number: int) -> int:
    return number * number


def fail_on_three(number: int) -> int:
    if number == 3:
        raise DataError("three is not liked", "another number", "count differently")
    return number


def die_once(trap: Path) -> str:
    """Die while the trap is set; it goes off once."""
    if trap.exists():
        trap.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return trap.name


def die_on_two(number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def threads(_: int) -> tuple[int, str | None]:
    """Threads of OpenCV and what the numeric libraries were told."""
    import cv2

    return cv2.getNumThreads(), os.environ.get("OMP_NUM_THREADS")


def process(_: int) -> int:
    return os.getpid()
