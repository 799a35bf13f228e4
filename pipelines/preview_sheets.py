"""What `inkmill preview` shows: samples, a page, stations, effects, hands, recipes, real lines among ours.

Each function draws samples and makes panels of them; layout and files are the work of ``synth.show``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from common.errors import DataError, UsageError, nearest
from common.seeds import stream
from fonts.hand import Hand
from fonts.variants import USUAL_VARIANTS, vary
from pipelines.preview import Source, able_hands, draw_samples, first_line, first_proven, none_proven
from synth.recipe import RECIPES, Recipe, load_recipe
from synth.sample import LineSample
from synth.show.effects import effect_panels
from synth.show.gallery import Panel, panel_of
from synth.show.real_or_ours import Specimen, mixed
from synth.show.steps import step_panels

PAGES_SHOWN = 3  # of every recipe
_SAMPLES = frozenset({"-n", "--clean", "--boxes", "--columns", "--scale", "--text", "--recipe"})
TAKES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "": _SAMPLES,
        "--grid effects": _SAMPLES - {"-n", "--clean", "--boxes"},
        "--grid hands": _SAMPLES,
        "--grid recipes": _SAMPLES - {"-n", "--recipe"},
        "--page": _SAMPLES - {"--clean", "--boxes", "--columns"},
        "--real": frozenset({"-n", "--recipe"}),
        "--steps": _SAMPLES - {"-n", "--clean", "--boxes", "--columns"},
    }
)
COUNTS = MappingProxyType({"--page": 8})  # lines shown unless it is told; 24 on other sheets
COLUMNS = MappingProxyType({"": 2, "--grid effects": 3, "--grid hands": 2, "--grid recipes": 3})

Drawn = tuple[list[Panel], Counter[str]]


@dataclass(frozen=True, slots=True)
class View:
    """Which sheet, and how it is drawn.

    Attributes:
        kind: a key of :data:`TAKES`; empty for samples as they come.
        count: of lines.
        columns: of panels.
        clean: put the clean picture under each sample.
        boxes: draw the character boxes.
        scale: enlargement.
    """

    kind: str
    count: int
    columns: int
    clean: bool = False
    boxes: bool = False
    scale: int = 1


def choose_kind(wanted: Mapping[str, bool], given: Mapping[str, object]) -> str:
    """The kind of sheet that the options ask for.

    Args:
        wanted: kinds of sheet and whether they are asked for.
        given: further options and their values; empty ones are not given.

    Raises:
        UsageError: two kinds at a time, or an option that the kind does not take.
    """
    kinds = [kind for kind, asked in wanted.items() if asked]
    if len(kinds) > 1:
        raise UsageError(f"{' and '.join(kinds)} are two sheets", "one of them at a time")
    kind = kinds[0] if kinds else ""
    if kind not in TAKES:
        raise UsageError(f"There is no {kind}", nearest(kind, filter(None, TAKES)))
    refused = [name for name, value in given.items() if value and name not in TAKES[kind]]
    if refused:
        raise UsageError(
            f"{kind} takes no {refused[0]}", f"of these options: {', '.join(sorted(TAKES[kind]))}"
        )
    return kind


def draw_panels(view: View, recipe: Recipe, source: Source, seed: int, settings: Sequence[str] = ()) -> Drawn:
    """The panels of a sheet, and how often an attempt at a line failed by reason.

    Args:
        view: which sheet; any but real lines among ours, which is :func:`quiz`.
        recipe: how lines look.
        source: what is written, and by whom.
        seed: of the run.
        settings: what ``--grid recipes`` sets in every recipe.

    Raises:
        DataError: nothing could be drawn.
    """
    if view.kind == "--grid hands":
        return hand_panels(view, recipe, source, seed)
    if view.kind == "--grid recipes":
        return recipe_panels(view, settings, source, seed)
    if view.kind == "--page":
        samples, drops = draw_samples(recipe, view.count, source, seed, one_page=True)
        panels = [Panel(tuple(sample.image for sample in samples), note=_fonts(samples))]
    elif view.kind:
        draw, drops = effect_panels if view.kind == "--grid effects" else step_panels, Counter[str]()
        panels = draw(*first_line(source, recipe, seed), recipe, seed)
    else:
        samples, drops = draw_samples(recipe, view.count, source, seed)
        return [_panel(sample, "", view) for sample in samples], drops
    return [panel.enlarged(view.scale) for panel in panels], drops


def hand_panels(view: View, recipe: Recipe, source: Source, seed: int) -> Drawn:
    """One line by hands of different designs; by the variants of a font where one is named."""
    from fonts.catalogue import one_a_design

    text, _ = first_line(source, recipe, seed)
    able = [hand for hand in able_hands(source) if hand.covers(text.text)]
    if source.hand:
        most = USUAL_VARIANTS if source.variants is None else source.variants
        able = [vary(hand, number) for number in range(most + 1) for hand in able if not hand.variant] or able
        chosen = able[: view.count]
    else:
        designs = one_a_design(able)
        chosen = [
            designs[n] for n in stream(seed, 0, "preview/hands").permutation(len(designs))[: view.count]
        ]
    drops: Counter[str] = Counter()
    panels = []
    for number, hand in enumerate(chosen):
        sample = first_proven(
            recipe, seed, number * recipe.lines_per_page, lambda *_: text, lambda *_, own=hand: own, drops
        )
        if sample:
            panels.append(_panel(sample, _named(hand), view))
    if not panels:
        raise none_proven(len(chosen), drops)
    return panels, drops


def recipe_panels(view: View, settings: Sequence[str], source: Source, seed: int) -> Drawn:
    """One line by one hand in every shipped recipe, on a few pages each."""
    recipes = {path.stem: load_recipe(path.stem, settings) for path in sorted(RECIPES.glob("*.yaml"))}
    text, hand = first_line(source, recipes["plain"], seed)
    drops: Counter[str] = Counter()
    panels = []
    for name, recipe in recipes.items():
        for page in range(PAGES_SHOWN):
            sample = first_proven(
                recipe, seed, page * recipe.lines_per_page, lambda *_: text, lambda *_: hand, drops
            )
            if sample:
                panels.append(_panel(sample, name, view))
    if not panels:
        raise none_proven(PAGES_SHOWN * len(recipes), drops)
    return panels, drops


def quiz(recipe: Recipe, spec: str, count: int, source: Source, seed: int) -> list[Specimen]:
    """Real lines and as many of ours, mixed; ours write texts of the same data set.

    Args:
        recipe: how ours look.
        spec: of the real lines, see ``corpora.handwriting.spec``.
        count: of lines in all, at least 2.
        source: who writes ours.
        seed: of the choice, of ours and of their order.

    Raises:
        DataError: the data set holds too few lines.
    """
    from corpora.handwriting.spec import read_lines

    half = count // 2
    lines = read_lines(spec)
    if len(lines) < 2 * half:
        raise DataError(f"{spec} holds {len(lines)} lines", f"at least {2 * half}", "ask for fewer with -n")
    order = stream(seed, 0, "real-or-ours").permutation(len(lines))
    real = [lines[place] for place in order[:half]]
    hands = able_hands(source)
    texts = [text for place in order[half:] if any(hand.covers(text := lines[place].text) for hand in hands)][
        :half
    ]
    if not texts:
        raise DataError(f"No hand writes a text of {spec}", "fonts that cover its characters")
    samples, _ = draw_samples(recipe, len(texts), replace(source, texts=texts), seed)
    return mixed(
        [(line.load(), line.id) for line in real],
        [(sample.image, f"font {sample.provenance['font']}") for sample in samples],
        recipe.output.height,
        stream(seed, 0, "real-or-ours/order"),
    )


def _panel(sample: LineSample, title: str, view: View) -> Panel:
    return panel_of(sample, title, view.clean, view.boxes, view.scale)


def _named(hand: Hand) -> str:
    variant = f"  variant {hand.variant.number}" if hand.variant else ""
    return f"{hand.family} {hand.style}{variant}"


def _fonts(samples: Sequence[LineSample]) -> str:
    return ", ".join(dict.fromkeys(sample.provenance["font"] for sample in samples))
