"""Kinds of pens: each is a row of figures that say how its strokes vary in width and darkness.

What the figures do is written where they are used: ``synth.ink.strokes`` (where the ink lies),
``synth.ink.flow`` (how much of it along the line) and ``synth.ink.texture`` (how much in every pixel).
"""

from __future__ import annotations

from dataclasses import dataclass

from synth.ranges import Weight, Weights


@dataclass(frozen=True, slots=True)
class Pen:
    """One kind of pen. Lengths are shares of the x-height, amounts shares of full ink.

    Attributes:
        inks: what it may hold; the first where a recipe offers none of them.
        spread: how far ink runs into the paper; rounds corners and fills small gaps.
        nib: length of the nib's edge; a stroke is wide across it and thin along it.
        angle: of the edge, degrees, counterclockwise from the line of writing.
        press: how much darker the ink gets as the pressure doubles; how much wider is the hand's.
        grain: how much ink is missing in the hollows of the paper.
        grit: size of the hollows.
        tooth: how many hollows there are: from -1, few, to 1, everywhere.
        pools: how much paler strokes are than the places where ink pools; standard deviation of that.
        mass: how much darker the ink is where strokes are broad, cross or turn, and lighter in hairlines.
        dipped: it runs dry and is dipped again.
    """

    inks: tuple[str, ...]
    spread: float = 0.0
    nib: float = 0.0
    angle: float = 0.0
    press: float = 0.0
    grain: float = 0.0
    grit: float = 0.07
    tooth: float = 0.0
    pools: float = 0.0
    mass: float = 0.0
    dipped: bool = False


PENS = {
    "ballpoint": Pen(
        ("blue", "black", "red", "green"),
        press=0.35, grain=0.18, tooth=0.3, pools=0.16, mass=0.08,
    ),
    "fountain": Pen(
        ("blue", "blue_black", "black", "violet", "green", "red"),
        spread=0.01, nib=0.04, angle=30, press=0.15, grain=0.12, grit=0.08, tooth=0.2,
        pools=0.16, mass=0.1,
    ),
    "pencil": Pen(
        ("graphite",),
        press=0.6, grain=0.32, tooth=0.5, pools=0.16, mass=0.08,
    ),
    "felt": Pen(
        ("black", "blue", "red", "green", "violet"),
        spread=0.02, press=0.05, grain=0.04, pools=0.06, mass=0.12,
    ),
    "quill": Pen(
        ("iron_gall", "faded_gall", "black", "blue_black", "violet", "red"),
        nib=0.06, angle=35, press=0.2, grain=0.16, grit=0.08, tooth=0.2,
        pools=0.2, mass=0.12, dipped=True,
    ),
    "broad": Pen(
        ("black", "blue_black", "iron_gall", "violet"),
        nib=0.16, angle=40, press=0.1, grain=0.12, grit=0.08, tooth=0.0,
        pools=0.15, mass=0.05, dipped=True,
    ),
}  # fmt: skip


class Pens(Weights):
    """How often each kind of pen writes, as weights.

    Attributes:
        ballpoint: a thin, even line that skips and is darker where the pen turns.
        fountain: ink that pools and runs a little into the paper.
        pencil: grey, full of the paper's tooth, follows the pressure.
        felt: even and soft at the edges.
        quill: a quill or a pointed steel nib: thick and thin, dark after a dip and pale before the next.
        broad: a nib with an edge: thick across it, thin along it.
    """

    ballpoint: Weight = 0.0
    fountain: Weight = 0.0
    pencil: Weight = 0.0
    felt: Weight = 0.0
    quill: Weight = 0.0
    broad: Weight = 0.0
