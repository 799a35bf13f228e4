"""One measured figure: what every area of `inkmill bench` returns and prints as a row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, its target and what it was measured against.

    Attributes:
        name: what was measured, such as ``lines per second, one core``.
        value: the measured number (median over repeats).
        unit: such as ``lines/s``.
        target: the number to reach, None where none was set.
        higher_is_better: the direction of ``target``.
        compared: what it was compared with or how it was measured, in a few words; the spread stands last.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    higher_is_better: bool = True
    compared: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None without a target."""
        if self.target is None:
            return None
        return self.value >= self.target if self.higher_is_better else self.value <= self.target
