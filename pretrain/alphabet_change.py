"""When fine-tuning data and a model know different characters: embedding and output rows are kept by
character.

``fail`` refuses, ``union`` keeps what the model knows and adds what is new, ``new`` matches the data exactly.
Rows of new characters start at the mean of the old ones plus a little noise, so what the model knew stays as
it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from common.errors import DataError
from common.seeds import stream
from corpora.alphabet import SPECIALS, Alphabet, describe_all
from models.drethtr import DRetHTR, DRetHTRConfig

Policy = Literal["fail", "union", "new"]
_BY_CHARACTER = ("embedding.weight", "output.weight")


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of an alphabet: the new one, and the characters added, dropped and only in the model."""

    alphabet: Alphabet
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    unused: tuple[str, ...]

    def __str__(self) -> str:
        parts = [f"{self.alphabet.size - SPECIALS} characters"]
        if self.added:
            parts.append(f"{len(self.added)} new: {describe_all(self.added)}")
        if self.dropped:
            parts.append(f"{len(self.dropped)} dropped: {describe_all(self.dropped)}")
        if self.unused:
            parts.append(f"{len(self.unused)} not in the data")
        return "; ".join(parts)


def plan_change(known: Alphabet, wanted: Alphabet, policy: Policy) -> Change:
    """Decide on the alphabet of the fine-tuned model.

    Raises:
        DataError: ``fail``, and the data hold characters that the model lacks.
    """
    old, new = set(known.characters), set(wanted.to_form(known.form).characters)
    added = tuple(sorted(new - old))
    if policy == "fail" and added:
        raise DataError(
            f"The data hold {len(added)} characters that the model lacks: {describe_all(added)}",
            "characters of the model's alphabet",
            "set resize=union to add them, or resize=new to match the data exactly",
        )
    kept = new if policy == "new" else old | new
    return Change(
        Alphabet(tuple(sorted(kept)), known.form),
        added,
        tuple(sorted(old - kept)),
        tuple(sorted((old & kept) - new)),
    )


def change_alphabet(model: DRetHTR, known: Alphabet, change: Change, seed: int) -> DRetHTR:
    """A model for the new alphabet with all other weights, and the rows of kept characters, as they were."""
    config = DRetHTRConfig(**{**model.config.to_json(), "vocabulary": change.alphabet.size})
    changed = DRetHTR(config)
    source = {character: SPECIALS + i for i, character in enumerate(known.characters)}
    rows = [*range(SPECIALS), *(source.get(character, -1) for character in change.alphabet.characters)]
    state = model.state_dict()
    for name in _BY_CHARACTER:
        state[name] = _take_rows(state[name], rows, stream(seed, 0, f"rows/{name}"))
    changed.load_state_dict(state)
    return changed


def _take_rows(table: Tensor, rows: list[int], rng: np.random.Generator) -> Tensor:
    """Rows by number; -1 is a new one: the mean of the characters' rows plus a tenth of their spread as
    noise."""
    characters = table[SPECIALS:]
    mean, spread = characters.mean(0), characters.std(0)
    noise = torch.from_numpy(rng.standard_normal((len(rows), *table.shape[1:]))).to(table.dtype)
    fresh = mean + 0.1 * spread * noise
    index = torch.tensor(rows)
    known = (index >= 0).view(-1, *[1] * (table.ndim - 1))
    return torch.where(known, table[index.clamp(min=0)], fresh)
