"""A recipe: every setting that decides how a line looks, validated and frozen.

Each station keeps its own settings; here they are joined. Ranges are drawn uniformly. Lengths are shares of
the x-height or of the picture's height, never of the em, because fonts of one em differ fourfold in letter
size. A recipe may be a mixture of looks: each changes some of the settings, and every page is drawn in one of
them. The shipped recipes lie in ``synth/recipes``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Self

import numpy as np
from pydantic import Field, PrivateAttr, model_validator

from common.settings import Settings, load
from fonts.kinds import parse_kinds
from fonts.writers import ANY, Writers
from synth.camera.augraphy_effects import AugraphySettings
from synth.camera.effects import CameraSettings
from synth.colour import ColourSettings
from synth.hand.aim import OVERRULES, AimSettings
from synth.hand.settings import HandSettings
from synth.ink.settings import InkSettings
from synth.output import OutputSettings
from synth.paper.sheet import PaperSettings
from synth.proof import ProofSettings
from synth.ranges import Weights
from synth.streams import Streams
from synth.surroundings.settings import SurroundingsSettings

RECIPES = Path(__file__).parent / "recipes"


class Look(Settings):
    """One way in which a page may look.

    Attributes:
        weight: how often, against the other looks.
        settings: settings of the recipe that this look changes, nested as in the recipe.
    """

    weight: Annotated[float, Field(gt=0)] = 1.0
    settings: dict[str, dict[str, Any]] = Field(default_factory=dict)


class Recipe(Settings):
    """Every setting of a rendered line, grouped by station.

    Attributes:
        lines_per_page: consecutive lines that one writer writes with one pen on one page.
        writers: which hands write.
        looks: the mixture of looks; without one, all pages have the recipe's own.
    """

    lines_per_page: Annotated[int, Field(ge=1)] = 1
    writers: Writers = ANY
    hand: HandSettings = HandSettings()
    aim: AimSettings = AimSettings()
    colour: ColourSettings = ColourSettings()
    ink: InkSettings = InkSettings()
    surroundings: SurroundingsSettings = SurroundingsSettings()
    paper: PaperSettings = PaperSettings()
    camera: CameraSettings = CameraSettings()
    augraphy: AugraphySettings = AugraphySettings()
    proof: ProofSettings = ProofSettings()
    output: OutputSettings = OutputSettings()
    looks: tuple[Look, ...] = ()

    _pages: tuple[Recipe, ...] = PrivateAttr(())
    _cumulated: tuple[float, ...] = PrivateAttr(())

    @model_validator(mode="after")
    def _stated_once(self) -> Self:
        for aim, own in OVERRULES.items():
            if getattr(self.aim, aim) and getattr(self.hand, own) != HandSettings.model_fields[own].default:
                raise ValueError(
                    f"hand.{own} does nothing where aim.{aim} is set: change that, or set it to null"
                )
        return self

    def model_post_init(self, _: Any) -> None:
        """Validate every look as the whole recipe that it makes."""
        own = self.model_copy(update={"looks": ()})
        pages = tuple(Recipe.model_validate(changed(own, look.settings)) for look in self.looks)
        weights = np.cumsum([look.weight for look in self.looks])
        self._pages = pages
        self._cumulated = tuple((weights / weights[-1]).tolist()) if pages else ()

    @property
    def pages(self) -> tuple[Recipe, ...]:
        """What a page may look like: the looks, each as a whole recipe, or the recipe itself without any."""
        return self._pages or (self,)

    def page(self, rng: np.random.Generator) -> Recipe:
        """The settings of one page: one of the looks, or the recipe itself where it has none."""
        return self.pages[self._drawn(rng)] if self._pages else self

    def look_of(self, seed: int, index: int, attempt: int = 0) -> int | None:
        """The number of the look in which a line's page is drawn; None where the recipe has no looks."""
        if not self._pages:
            return None
        return self._drawn(Streams(seed, index, index // self.lines_per_page, attempt).kept("look"))

    def page_of(self, seed: int, index: int, attempt: int = 0) -> Recipe:
        """The settings of the page that a line stands on; see :class:`synth.streams.Streams`."""
        look = self.look_of(seed, index, attempt)
        return self if look is None else self._pages[look]

    def _drawn(self, rng: np.random.Generator) -> int:
        number = int(np.searchsorted(self._cumulated, rng.random(), side="right"))
        return min(number, len(self._pages) - 1)


def changed(settings: Settings, changes: dict[str, Any]) -> dict[str, Any]:
    """Nested settings with some of them replaced; weights are replaced as a whole."""
    result = {name: getattr(settings, name) for name in type(settings).model_fields}
    for name, value in changes.items():
        own = result.get(name)
        if isinstance(own, Settings) and not isinstance(own, Weights) and isinstance(value, dict):
            value = changed(own, value)
        result[name] = value
    return result


def load_recipe(name: str, overrides: Iterable[str] = (), kinds: str = "") -> Recipe:
    """A shipped recipe by name, or a YAML file by path, with ``output.height=64``-like overrides.

    Args:
        name: of the recipe, or its file.
        overrides: settings that are stated anew.
        kinds: weights of kinds of hands that are, such as ``formal=0.5,brush=0``.

    Raises:
        UsageError: unknown recipe or setting, or a value out of range.
        DataError: a file that is missing or not YAML.
    """
    return by_kinds(load(Recipe, name, RECIPES, overrides), kinds)


def by_kinds(recipe: Recipe, kinds: str) -> Recipe:
    """A recipe whose kinds of hands weigh as stated, such as ``formal=0.5,brush=0``; the others as before.

    Raises:
        UsageError: a kind is unknown or stated twice, a weight is none, or all weights are 0.
    """
    if not kinds:
        return recipe
    weights = parse_kinds(kinds, recipe.writers.kinds)
    return Recipe.model_validate(changed(recipe, {"writers": {"kinds": weights.model_dump()}}))
