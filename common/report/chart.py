"""Charts as inline SVG that follow the page's colours: lines over steps, and a histogram against its target.

One accent colour: the first series has it, the others are grey and told apart by dashes. Nothing is
measured here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from common.errors import DataError
from common.report.templates import environment

MOST_POINTS = 400
STYLES = ("s0", "s1", "s2", "s3")


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart: ``y`` over ``x``, equally long."""

    name: str
    x: Sequence[float]
    y: Sequence[float]


@dataclass(frozen=True, slots=True)
class Frame:
    """Maps data to the pixels of a chart and knows where its ticks stand."""

    x_range: tuple[float, float]
    y_range: tuple[float, float]
    width: int = 920
    height: int = 320
    left: int = 56
    right: int = 898  # leaves room for half of the last tick
    top: int = 44
    bottom: int = 270
    percent: bool = False

    def x(self, value: float) -> float:
        """Horizontal pixel of a value."""
        return round(self.left + _share(value, self.x_range) * (self.right - self.left), 1)

    def y(self, value: float) -> float:
        """Vertical pixel of a value."""
        return round(self.bottom - _share(value, self.y_range) * (self.bottom - self.top), 1)

    @property
    def x_ticks(self) -> list[tuple[float, str]]:
        """Pixels and labels of the ticks below."""
        return [(self.x(value), f"{value:,.10g}") for value in _ticks(*self.x_range, most=8)]

    @property
    def y_ticks(self) -> list[tuple[float, str]]:
        """Pixels and labels of the ticks on the left."""
        text = "{:.3g} %" if self.percent else "{:,.10g}"
        scale = 100 if self.percent else 1
        return [(self.y(value), text.format(value * scale)) for value in _ticks(*self.y_range, most=5)]


def line_chart(
    series: Sequence[Series], x_label: str, y_label: str, caption: str = "", percent: bool = False
) -> Markup:
    """Lines over a common axis, the ordinate from 0.

    Args:
        series: one to four; more than 400 points are averaged in blocks, values that are not finite are
            left out.
        x_label: what runs to the right, such as ``steps``.
        y_label: what runs up, such as ``CER on validation``.
        caption: what one should see in it.
        percent: whether the values are shares to be printed in per cent.

    Raises:
        DataError: too many series, a series whose sides differ in length, or no finite point at all.
    """
    if not 1 <= len(series) <= len(STYLES):
        raise DataError(f"A chart of {len(series)} series", f"one to {len(STYLES)}")
    points = [_thin(one) for one in series]
    every = np.concatenate(points)
    if not len(every):
        raise DataError(f"The chart '{y_label}' has no point to show", "at least one finite value")
    frame = Frame(_span(every[:, 0].min(), every[:, 0].max()), _from_zero(every[:, 1].max()), percent=percent)
    lines = [
        {"name": one.name, "style": style, "path": _path([(frame.x(x), frame.y(y)) for x, y in xy])}
        for one, xy, style in zip(series, points, STYLES, strict=False)
        if len(xy)
    ]
    keys = [{"name": line["name"], "style": line["style"], "bar": False} for line in lines]
    return _render(frame, keys if len(keys) > 1 else [], x_label, y_label, caption, lines=lines)


def histogram(
    edges: Sequence[float],
    drawn: Sequence[float],
    target: Sequence[float] | None,
    x_label: str,
    caption: str = "",
    names: tuple[str, str] = ("drawn", "target"),
    y_label: str = "share of lines",
) -> Markup:
    """Distributions over the same bins, as shares: ``drawn`` as bars, ``target`` as an outline over them.

    Args:
        edges: borders of the bins, one more than there are bins, ascending.
        drawn: counts or shares a bin.
        target: counts or shares a bin; None where there is nothing to compare with.
        x_label: what is counted, such as ``characters a line``.
        caption: what one should see in it.
        names: what the two are called in the key.
        y_label: what the shares are of.

    Raises:
        DataError: the sides differ in length, or one of them is empty.
    """
    sides = [drawn] if target is None else [drawn, target]
    if wrong := next((side for side in sides if len(side) != len(edges) - 1), None):
        raise DataError(
            f"A histogram of {len(wrong)} bins with {len(edges)} edges",
            "one edge more than bins on each side",
        )
    if not all(map(sum, sides)):
        raise DataError("A histogram of nothing", "counts above 0 on each side")
    bars, *outlines = (np.asarray(side, dtype=np.float64) / sum(side) for side in sides)
    frame = Frame(
        (edges[0], edges[-1]), _from_zero(max(side.max() for side in (bars, *outlines))), percent=True
    )
    boxes = [
        _bar(frame, left, right, value) for left, right, value in zip(edges, edges[1:], bars, strict=False)
    ]
    lines = [
        {"name": names[1], "style": "s1", "path": _path(_steps(frame, edges, outline))}
        for outline in outlines
    ]
    keys = [{"name": names[0], "bar": True}, *({**line, "bar": False} for line in lines)]
    return _render(frame, keys, x_label, y_label, caption, bars=boxes, lines=lines)


def _steps(frame: Frame, edges: Sequence[float], shares: NDArray[np.float64]) -> list[tuple[float, float]]:
    """The outline of bars in pixels."""
    return [
        point
        for left, right, value in zip(edges, edges[1:], shares, strict=False)
        for point in ((frame.x(left), frame.y(value)), (frame.x(right), frame.y(value)))
    ]


def _render(
    frame: Frame,
    keys: Sequence[dict[str, object]],
    x_label: str,
    y_label: str,
    caption: str,
    lines: Sequence[dict[str, str]],
    bars: Sequence[dict[str, object]] = (),
) -> Markup:
    widths = [54 + 7 * len(str(key["name"])) for key in keys]
    placed = [{**key, "x": frame.right - sum(widths[at:])} for at, key in enumerate(keys)]
    return Markup(
        environment()
        .get_template("chart.html")
        .render(
            frame=frame,
            keys=placed,
            x_label=x_label,
            y_label=y_label,
            caption=caption,
            lines=lines,
            bars=bars,
            label=f"{y_label} over {x_label}",
        )
    )


def _bar(frame: Frame, left: float, right: float, share: float) -> dict[str, object]:
    x, y = frame.x(left), frame.y(share)
    return {
        "x": x,
        "y": y,
        "width": round(frame.x(right) - x, 1),
        "height": round(frame.bottom - y, 1),
        "title": f"{left:g} to {right:g}: {share:.1%}",
    }


def _thin(series: Series) -> NDArray[np.float64]:
    """Finite points, (n, 2), averaged in blocks where there are too many to see."""
    if len(series.x) != len(series.y):
        raise DataError(
            f"The series '{series.name}' has {len(series.x)} x and {len(series.y)} y", "as many of both"
        )
    points = np.column_stack([np.asarray(series.x, np.float64), np.asarray(series.y, np.float64)])
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) <= MOST_POINTS:
        return points
    return np.stack([block.mean(axis=0) for block in np.array_split(points, MOST_POINTS)])


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def _share(value: float, span: tuple[float, float]) -> float:
    return (value - span[0]) / (span[1] - span[0])


def _span(low: float, high: float) -> tuple[float, float]:
    if 0 < low < (high - low) / 20:  # a run that begins at step 1 or 10 begins at the axis
        low = 0.0
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _from_zero(high: float) -> tuple[float, float]:
    """From 0 to the tick above ``high``."""
    if high <= 0:
        return 0.0, 1.0
    step = _step(high / 4)
    return 0.0, step * math.ceil(high / step - 1e-9)


def _ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers inside the range, at most about ``most``."""
    step = _step((high - low) / most)
    first = math.ceil(low / step - 1e-9)
    return [round(at * step, 12) for at in range(first, math.floor(high / step + 1e-9) + 1)]


def _step(size: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below ``size``."""
    power = 10.0 ** math.floor(math.log10(size))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= size * (1 - 1e-9))
