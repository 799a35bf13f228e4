"""Small files in the formats of real data sets, made for the tests."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw


def picture(path: Path, shade: int = 200, size: tuple[int, int] = (40, 20)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", size, shade).save(path)
    return path


def written(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding=encoding)
    return path


def ruled_page(
    path: Path, baselines: list[list[tuple[int, int]]], size: tuple[int, int] = (600, 400)
) -> Path:
    """Light paper; along every baseline letters as bars 30 pixels high, every third reaching 12 below it."""
    image = Image.new("L", size, 220)
    draw = ImageDraw.Draw(image)
    for baseline in baselines:
        xs, ys = zip(*baseline, strict=True)
        for number, x in enumerate(range(xs[0] + 4, xs[-1] - 4, 14)):
            y = round(float(np.interp(x, xs, ys)))
            draw.rectangle((x, y - 30, x + 5, y + (12 if number % 3 == 0 else 0)), fill=20)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    return path


def listed(points: list[tuple[int, int]], between: str = ",") -> str:
    return " ".join(f"{x}{between}{y}" for x, y in points)


def around(baseline: list[tuple[int, int]], above: int = 38, below: int = 18) -> list[tuple[int, int]]:
    return [(x, y - above) for x, y in baseline] + [(x, y + below) for x, y in reversed(baseline)]
