"""Another alphabet: rows are kept by character, and what the model knew stays as it was."""

from __future__ import annotations

import pytest
import torch

from common.errors import DataError
from corpora.alphabet import Alphabet
from pretrain.alphabet_change import change_alphabet, plan_change
from tests.pretrain.conftest import toy_model

KNOWN = Alphabet(("a", "b", "c", "d"))


def test_fail_names_what_is_new() -> None:
    with pytest.raises(DataError, match=r"U\+00E9"):
        plan_change(KNOWN, Alphabet(("a", "é")), "fail")


def test_union_keeps_and_adds() -> None:
    change = plan_change(KNOWN, Alphabet(("a", "é")), "union")
    assert change.alphabet.characters == ("a", "b", "c", "d", "é")
    assert (change.added, change.dropped, change.unused) == (("é",), (), ("b", "c", "d"))
    assert "1 new: 'é' (U+00E9" in str(change)


def test_new_matches_the_data_exactly() -> None:
    change = plan_change(KNOWN, Alphabet(("a", "é")), "new")
    assert change.alphabet.characters == ("a", "é")
    assert change.dropped == ("b", "c", "d")


def test_data_in_nfc_are_compared_in_the_form_of_the_model() -> None:
    known = Alphabet.from_texts(["é"], "NFD")
    change = plan_change(known, Alphabet.from_texts(["éñ"]), "union")
    assert change.alphabet.form == "NFD"
    assert change.added == ("n", "\N{COMBINING TILDE}")
    assert plan_change(known, Alphabet(("é",)), "fail").added == ()


def test_old_characters_keep_their_logits() -> None:
    model = toy_model(KNOWN).eval()
    wanted = Alphabet(("A", "c", "é"))
    change = plan_change(KNOWN, wanted, "union")
    changed = change_alphabet(model, KNOWN, change, seed=0).eval()
    pixels = torch.randn(1, 1, 16, 48)
    before = model(pixels, None, torch.tensor([[0, *KNOWN.encode("abdc")]])).logits
    after = changed(pixels, None, torch.tensor([[0, *change.alphabet.encode("abdc")]])).logits
    for character in KNOWN.characters:
        old, new = KNOWN.ids[character], change.alphabet.ids[character]
        torch.testing.assert_close(before[..., old], after[..., new])
    torch.testing.assert_close(before[..., :4], after[..., :4])
    assert bool(torch.isfinite(after).all())
