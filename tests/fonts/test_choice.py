"""Which hand writes a text: designs by kind, files, variants; and no hand where none can."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chisquare

from common.errors import UsageError
from common.seeds import stream
from fonts.catalogue import Catalogue, one_a_design
from fonts.choice import HandChoice
from fonts.hand import Hand, Kind, Traits
from fonts.kinds import Kinds, parse_kinds
from fonts.writers import Writers

NO_BRUSH = Writers(kinds=Kinds(brush=0))
LETTERS = "abcdefghijklmnopqrstuvwxyz "


def hand(name: str, design: str = "", characters: str = LETTERS, kind: Kind = "everyday") -> Hand:
    return Hand(
        *(name, name, "Regular", Path(name), 0, name, "OFL-1.1", frozenset(characters), 0.4),
        *(design or name, "train", "ok", kind),
    )


def drawn(choice: HandChoice, texts: list[str], variants: int = 0) -> Counter[str]:
    found = (choice.draw(stream(3, n, "hand"), text, variants=variants) for n, text in enumerate(texts))
    return Counter(h.design for h in found if h)


def agrees(counts: Counter[str], choice: HandChoice, texts: list[str]) -> float:
    """The p-value of the counts under the stated shares."""
    stated: Counter[str] = Counter()
    for text in texts:
        stated.update(choice.shares(text))
    designs = sorted(stated)
    return float(chisquare([counts[d] for d in designs], [stated[d] for d in designs]).pvalue)


def test_fault_21_a_font_of_forty_letters_writes_only_what_it_can_and_the_stated_shares_hold() -> None:
    full = [hand(f"full {n}", kind="formal" if n % 3 else "everyday") for n in range(12)]
    partial = [hand(f"partial {n}", characters="abcdefghijkl ") for n in range(4)]
    choice = HandChoice([*full, *partial])
    texts = ["a bad cab" if n % 4 else "lazy fox" for n in range(20_000)]
    counts = drawn(choice, texts)
    assert sum(counts.values()) == len(texts)
    assert agrees(counts, choice, texts) > 0.001
    for n, text in enumerate(texts[:400]):
        chosen = choice.draw(stream(3, n, "hand"), text)
        assert chosen and chosen.covers(text)
    whole = sum(choice.shares("a bad cab").values())
    assert whole == pytest.approx(1)
    # A design that draws everything is never below the share it has among all.
    assert choice.shares("lazy fox")["full 0"] > choice.shares("a bad cab")["full 0"]


def test_a_wrong_distribution_would_be_seen() -> None:
    choice = HandChoice([hand(f"h{n}") for n in range(10)])
    texts = ["abc"] * 5000
    counts = drawn(choice, texts)
    assert agrees(counts, choice, texts) > 0.001
    counts["h0"] += 250
    counts["h1"] -= 250
    assert agrees(counts, choice, texts) < 1e-6


def test_kinds_weigh_designs_and_zero_leaves_them_out() -> None:
    hands = [hand("e"), hand("f", kind="formal"), hand("b", kind="brush")]
    shares = HandChoice(hands).shares("abc", Writers(kinds=Kinds(everyday=3, formal=1, brush=0)))
    assert shares == {"e": pytest.approx(0.75), "f": pytest.approx(0.25)}
    assert HandChoice(hands[2:]).draw(stream(0, 0, "hand"), "abc", NO_BRUSH) is None


def test_writers_are_wished_for_by_what_their_letters_measure() -> None:
    hands = [
        replace(hand(f"{joined} {contrast}"), traits=Traits(joined=joined, contrast=contrast))
        for joined in (0.0, 0.9)
        for contrast in (1.1, 3.0)
    ]
    choice = HandChoice(hands)
    assert set(choice.shares("abc").values()) == {0.25}
    assert choice.shares("abc", Writers(joined=(0.6, 1)))["0.9 1.1"] == pytest.approx(0.5, abs=0.01)
    shares = choice.shares("abc", Writers(joined=(0, 0.3), contrast=(1, 1.3)))
    assert shares["0.0 1.1"] > 0.98
    assert choice.draw(stream(0, 0, "hand"), "abc", Writers(joined=(0.5, 0.5), contrast=(9, 9))) is not None


def test_a_writer_of_both_kinds_is_a_wish_not_a_ban() -> None:
    only = replace(hand("only"), traits=Traits(joined=0.0, contrast=4.0))
    wish = Writers(joined=(1, 1), contrast=(1, 1))
    assert HandChoice([only]).shares("abc", wish) == {"only": 1.0}


def test_stated_kinds_change_the_usual_weights() -> None:
    assert parse_kinds("") == Kinds()
    assert parse_kinds("brush=0, formal=2") == Kinds(brush=0, formal=2)


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("everyday=0,formal=0,brush=0", "no kind of hand is left"),
        ("everyday=1e400", "'everyday' = '1e400'"),
        ("everyday=.inf", "'everyday' = inf"),
        ("everyday=nan", "'everyday' = 'nan'"),
        ("everyday=.nan", "'everyday' = nan"),
        ("formal=-1", "'formal' = -1"),
        ("brush=1,formal=1,brush=2", "states 'brush' twice"),
        ("brusch=1", "brush"),
    ],
)
def test_weights_that_choose_nothing_are_refused(stated: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_kinds(stated)


def test_a_design_is_of_the_kind_of_most_of_its_files() -> None:
    hands = [hand("a", "d"), hand("b", "d"), hand("c", "d", kind="brush"), hand("x")]
    assert HandChoice(hands).shares("abc", NO_BRUSH) == {"d": 0.5, "x": 0.5}


def test_many_files_do_not_outweigh_a_lone_one_nor_do_variants() -> None:
    hands = [*(hand(f"school {n}", "school") for n in range(50)), hand("lone")]
    choice = HandChoice(hands)
    counts = drawn(choice, ["abc"] * 2000, variants=20)
    assert counts["lone"] == pytest.approx(1000, abs=120)


def test_variants_are_drawn_evenly_and_keep_their_font() -> None:
    choice = HandChoice([hand("a")])
    ids = Counter(h.id for n in range(3000) if (h := choice.draw(stream(1, n, "hand"), "abc", variants=2)))
    assert set(ids) == {"a", "a~1", "a~2"}
    assert min(ids.values()) > 900


def test_a_text_in_decomposed_form_is_written_by_who_draws_the_composed_letters() -> None:
    choice = HandChoice([hand("plain"), hand("accented", characters=LETTERS + "é")])
    text = unicodedata.normalize("NFD", "café")
    assert choice.shares(text) == {"accented": 1.0}
    assert hand("accented", characters=LETTERS + "é").covers(text)
    assert not hand("plain").covers(text)


def test_fault_22_a_text_that_no_hand_can_write_is_refused_at_once() -> None:
    choice = HandChoice([hand(f"h{n}") for n in range(100)])
    rng = stream(0, 0, "hand")
    before = rng.bit_generator.state
    assert choice.draw(rng, "abc€") is None
    assert rng.bit_generator.state == before  # nothing was tried
    assert choice.shares("€") == {}
    assert HandChoice([]).draw(rng, "abc") is None


def test_the_choice_among_twelve_thousand_hands_remembers_few_sets() -> None:
    hands = [hand(f"{n}", f"{n % 400}", LETTERS[: 10 + n % 17]) for n in range(12_000)]
    choice = HandChoice(hands)
    rng = np.random.default_rng(0)
    for number in range(600):
        text = "".join(rng.choice(list(LETTERS[:9]), 6)) + LETTERS[number % 27]
        chosen = choice.draw(rng, text)
        assert chosen is None or chosen.covers(text)


def test_one_a_design_prefers_the_regular_style_and_keeps_its_order() -> None:
    bold = Hand("b", "F", "Bold", Path("b"), 0, "b", "OFL-1.1", frozenset(), 0.4, "d", "train")
    assert one_a_design([bold, hand("a", "d"), hand("z", "c")]) == [hand("z", "c"), hand("a", "d")]
    assert one_a_design([bold, hand("z", "c")], limit=1) == [hand("z", "c")]


def test_a_family_is_found_by_its_name_in_any_case_and_misses_are_helped() -> None:
    catalogue = Catalogue((hand("Bad Script"), hand("Caveat")))
    assert catalogue.of_family("badscript").hands == (hand("Bad Script"),)
    with pytest.raises(UsageError, match="Caveat"):
        catalogue.of_family("Caveet")
