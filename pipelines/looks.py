"""Which looks of a recipe come to nothing: one whose every attempt is refused would be missing unnoticed."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from synth.recipe import Recipe

FEW = 4  # attempts tell nothing of a look


@dataclass(slots=True)
class LookTally:
    """Attempts at lines in each look of a recipe.

    Attributes:
        proven: numbers of the looks in which a line was written.
        reasons: number of a look -> why attempts were refused, and how often.
    """

    proven: set[int] = field(default_factory=set)
    reasons: defaultdict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, look: int | None, reason: str = "") -> None:
        """Count an attempt in a look, and why it was refused; empty where it was not."""
        if look is None:
            return
        if reason:
            self.reasons[look][reason] += 1
        else:
            self.proven.add(look)

    def warnings(self, recipe: Recipe) -> list[str]:
        """A sentence for every look of which all attempts were refused."""
        return [
            f"Look {look + 1} of {len(recipe.looks)} is never written: all {reasons.total()} attempts were "
            f"refused, most as {reasons.most_common(1)[0][0]}."
            for look, reasons in sorted(self.reasons.items())
            if look not in self.proven and reasons.total() >= FEW
        ]
