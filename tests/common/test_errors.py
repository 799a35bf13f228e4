"""Errors that help: their words, their exit codes, and their way across processes."""

from __future__ import annotations

import pickle

from common.errors import DataError, EnvironmentProblem, InkmillError, UsageError, nearest


def test_a_message_says_what_was_found_what_was_expected_and_what_to_do() -> None:
    error = DataError("labels.tsv has no header.", "a line 'image text'", "add one")
    assert str(error) == "labels.tsv has no header. Expected: a line 'image text'. What to do: add one."


def test_every_class_has_its_own_exit_code() -> None:
    codes = [kind.exit_code for kind in (InkmillError, UsageError, DataError, EnvironmentProblem)]
    assert codes == [1, 2, 3, 4]


def test_an_error_survives_the_way_out_of_a_worker() -> None:
    error = pickle.loads(pickle.dumps(EnvironmentProblem("no npm", "npm or Node", "install Node")))
    assert isinstance(error, EnvironmentProblem)
    assert error.remedy == "install Node"


def test_the_nearest_name_is_offered_only_where_one_is_near() -> None:
    assert nearest("rimess", ["iam", "rimes"]) == "one of: iam, rimes (did you mean 'rimes'?)"
    assert nearest("qqq", ["iam", "rimes"]) == "one of: iam, rimes"


def test_of_very_many_names_the_most_alike_are_told() -> None:
    told = nearest("hand 7", [f"hand {number}" for number in range(300)], most=10)
    assert told.startswith("one of: hand 7, ") and told.count(",") == 9
