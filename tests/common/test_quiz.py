"""Quizzes: numbered questions whose answers stand in the page, folded, and can be chosen."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from common.errors import DataError
from common.report import Question, quiz

PICTURE = Markup("<img alt='line'>")


def test_every_question_has_its_choices_and_its_folded_answer() -> None:
    block = quiz([Question(PICTURE, "real", "page <3>"), Question(PICTURE, "ours")], ("real", "ours"))
    assert block.count("<img") == block.count("<details>") == 2
    assert block.count('<button type="button">') == 4
    assert block.count('data-answer="real"') == block.count('data-answer="ours"') == 1
    assert "page &lt;3&gt;" in block


def test_an_answer_that_nobody_can_choose_is_refused() -> None:
    with pytest.raises(DataError, match="'maybe' cannot be chosen"):
        quiz([Question(PICTURE, "maybe")], ("real", "ours"))
