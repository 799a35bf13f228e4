"""A quiz: pictures to be judged one by one, with a running score and the solution under a click.

The script is part of the block and needs nothing else; without it, as in print, the solutions stay folded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from common.errors import DataError
from common.report.templates import environment


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        picture: markup of what is to be judged.
        answer: the right one of the quiz's choices.
        note: what is told with the solution.
    """

    picture: Markup
    answer: str
    note: str = ""


def quiz(questions: Sequence[Question], choices: Sequence[str]) -> Markup:
    """Numbered questions, all with the same choices.

    Args:
        questions: in order.
        choices: at least two, unique.

    Raises:
        DataError: an answer is none of the choices.
    """
    if wrong := next((one.answer for one in questions if one.answer not in choices), None):
        raise DataError(f"The answer '{wrong}' cannot be chosen", f"one of {list(choices)}")
    return Markup(environment().get_template("quiz.html").render(questions=questions, choices=choices))
