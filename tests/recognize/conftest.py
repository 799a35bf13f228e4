"""A recogniser of toy lines, with weights that were never trained: enough to test everything but reading
well."""

from __future__ import annotations

import pytest

from corpora.alphabet import Alphabet
from recognize.preprocessing import Preprocessing
from recognize.recognizer import Recognizer
from tests.pretrain.conftest import HEIGHT, LETTERS, toy_model


@pytest.fixture(scope="session")
def recognizer() -> Recognizer:
    alphabet = Alphabet(tuple(LETTERS))
    model = toy_model(alphabet).eval()
    return Recognizer(model, alphabet, Preprocessing(height=HEIGHT, bucket=24, max_width=96))
