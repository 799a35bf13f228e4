"""Hands by id, family or file: what is meant is found, what is not is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from common.errors import DataError, UsageError
from fonts.by_name import hands_named
from fonts.catalogue import Catalogue
from tests.synth.hands import make_hand


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("fonts")
    first, second, third = (make_hand(folder / f"{name}.ttf", thickness=t) for name, t in
                            (("Blue Quill", 40), ("BlueQuill-Bold", 60), ("Oak", 50)))  # fmt: skip
    return Catalogue((first, replace(second, family="Blue Quill"), replace(third, verdict="unicase")))


@pytest.mark.parametrize("name", ["Blue Quill", "blue quill", "BlueQuill", "blue-quill"])
def test_a_family_is_all_its_faces(catalogue: Catalogue, name: str) -> None:
    assert hands_named(catalogue, name) == list(catalogue.hands[:2])


@pytest.mark.parametrize("name", ["BlueQuill-Bold.ttf", "bluequill-bold"])
def test_a_file_is_found_with_and_without_its_ending(catalogue: Catalogue, name: str) -> None:
    assert catalogue.hands[1] in hands_named(catalogue, name)
    assert hands_named(catalogue, "BlueQuill-Bold.ttf") == [catalogue.hands[1]]


def test_an_id_is_one_hand_or_its_variant(catalogue: Catalogue) -> None:
    hand = catalogue.hands[0]
    assert hands_named(catalogue, hand.id) == [hand]
    [variant] = hands_named(catalogue, f"{hand.id}~3")
    assert variant.id == f"{hand.id}~3" and variant.variant is not None and variant.variant.number == 3


def test_an_unknown_name_tells_the_nearest(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match=r"no hand 'Blue Quil'.*did you mean 'Blue Quill'"):
        hands_named(catalogue, "Blue Quil")
    with pytest.raises(UsageError, match="no variant 'x'"):
        hands_named(catalogue, "Blue Quill~x")
    with pytest.raises(UsageError, match="no hand ''"):
        hands_named(catalogue, "")


def test_a_hand_that_may_not_write_says_why(catalogue: Catalogue) -> None:
    with pytest.raises(DataError, match="may not write: unicase"):
        hands_named(catalogue, "Oak")
