"""Faults 30 to 32: a sample is a pure function of (seed, index, recipe, hand, text), in every recipe."""

from __future__ import annotations

import hashlib
import pickle
import random
import subprocess
import sys
from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from fonts.hand import Hand
from synth.camera.augraphy_effects import AugraphySettings, apply_augraphy
from synth.recipe import RECIPES, Recipe, load_recipe
from synth.render import render
from synth.sample import LineSample
from tests.conftest import ROOT
from tests.synth.hands import line, make_hand

NAMES = sorted(path.stem for path in RECIPES.glob("*.yaml"))
TEXT = "The 3 jugs, (quickly) gone"
INDICES = range(6)


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Hand:
    return make_hand(tmp_path_factory.mktemp("fonts") / "hand.ttf")


def digest(hand: Hand, recipe: Recipe, index: int, seed: int = 0, attempt: int = 0) -> str:
    made = render(line(TEXT), hand, recipe, seed, index, attempt=attempt)
    if not isinstance(made, LineSample):
        return repr(made)
    content = made.image.tobytes() + made.boxes.tobytes() + f"{made.text}{made.provenance}".encode()
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("name", NAMES)
def test_fault_30_seed_0_is_as_deterministic_as_seed_1(hand: Hand, name: str) -> None:
    recipe = load_recipe(name)
    for seed in (0, 1):
        assert digest(hand, recipe, 3, seed) == digest(hand, recipe, 3, seed)
    if name != "plain":
        assert digest(hand, recipe, 3, 0) != digest(hand, recipe, 3, 1)


@pytest.mark.parametrize("seed", [0, 1])
def test_fault_30_the_same_seeded_effects_twice_are_the_same_picture(seed: int) -> None:
    settings = AugraphySettings.model_validate(
        {name: 1.0 for name in AugraphySettings.model_fields if name != "budget_ms"} | {"budget_ms": 1e6}
    )
    image = np.full((64, 300), 220, np.uint8)
    image[20:44, 20:280:16] = 40
    first, second = (apply_augraphy(image, settings, np.random.default_rng(seed))[0] for _ in range(2))
    assert np.array_equal(first, second) and not np.array_equal(first, image)


@pytest.mark.parametrize("name", NAMES)
def test_fault_31_alone_in_another_order_and_after_a_retry(hand: Hand, name: str) -> None:
    recipe = load_recipe(name)
    forwards = [digest(hand, recipe, index) for index in INDICES]
    digest(hand, recipe, 2, attempt=1)  # a retry of one leaves no trace on the others
    backwards = [digest(hand, recipe, index) for index in reversed(INDICES)]
    assert forwards == backwards[::-1]
    assert digest(hand, recipe, 4) == forwards[4]


def test_fault_31_in_another_worker(hand: Hand) -> None:
    program = (
        "import pickle, sys\n"
        "from tests.synth.test_determinism import NAMES, digest, load_recipe\n"
        "hand = pickle.loads(bytes.fromhex(sys.argv[1]))\n"
        "print(*[digest(hand, load_recipe(name), 2).replace(' ', '') for name in NAMES], sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, pickle.dumps(hand).hex()],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [digest(hand, load_recipe(name), 2).replace(" ", "") for name in NAMES]


def states() -> Iterator[bytes]:
    """What the global generators would do next, without moving them."""
    yield repr(random.getstate()).encode()
    yield np.random.get_state()[1].tobytes() + str(np.random.get_state()[2]).encode()  # noqa: NPY002
    if "torch" in sys.modules:
        yield sys.modules["torch"].get_rng_state().numpy().tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_fault_32_global_generators_are_not_moved(hand: Hand, name: str) -> None:
    recipe = load_recipe(name)
    random.seed(4)
    np.random.seed(4)  # noqa: NPY002
    cv2.setRNGSeed(4)
    expected = cv2.randu(np.zeros((4, 4), np.uint8), 0, 255).tobytes()
    cv2.setRNGSeed(4)
    before = list(states())
    for index in INDICES:
        render(line(TEXT), hand, recipe, 0, index)
    assert list(states()) == before
    assert cv2.randu(np.zeros((4, 4), np.uint8), 0, 255).tobytes() == expected


@pytest.mark.parametrize("name", NAMES)
def test_fault_32_global_generators_are_not_read(hand: Hand, name: str) -> None:
    recipe = load_recipe(name)
    first = [digest(hand, recipe, index) for index in INDICES]
    random.seed(99)
    np.random.seed(99)  # noqa: NPY002
    cv2.setRNGSeed(99)
    assert [digest(hand, recipe, index) for index in INDICES] == first


def test_the_hand_of_these_tests_is_drawn(hand: Hand) -> None:
    """Refusals would make the tests above hollow."""
    made = [render(line(TEXT), hand, load_recipe(name), 0, index) for name in NAMES for index in INDICES]
    assert sum(isinstance(sample, LineSample) for sample in made) > 0.6 * len(made)
