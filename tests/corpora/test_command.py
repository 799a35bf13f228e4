"""`inkmill corpus` through the real command line: results, messages, exit codes."""

import gzip
import subprocess
import sys

import pytest


def run(*arguments):
    command = [sys.executable, "-c", "from pipelines.cli import main; main()", "corpus", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("command")
    (folder / "text.txt").write_text(
        "It is a line of text.\nЖук\n" + "Another one is here.\n" * 3, encoding="utf-8"
    )
    result = run("build", folder / "text.txt", "builtin:numbers", "--out", folder / "out", "--alphabet", "en")
    assert result.returncode == 0, result.stderr
    return folder / "out", result.stdout


def test_build_tells_what_was_kept_and_dropped(built):
    assert "402 of 405 paragraphs kept" in built[1]
    assert "dropped: 2 duplicate, 1 foreign" in built[1]


def test_show_lists_documents_and_what_was_dropped(built):
    result = run("show", built[0])
    assert result.returncode == 0
    assert "U+0416 CYRILLIC CAPITAL LETTER ZHE" in result.stdout
    assert "It is a line of text." in result.stdout


def test_sample_draws_lines_on_stdout_and_tells_the_fit_on_stderr(built):
    first, second = (
        run("sample", built[0], "--target", "digits", "-n", 12, "--seed", seed) for seed in (1, 2)
    )
    assert len(first.stdout.splitlines()) == 12
    assert first.stdout != second.stdout
    assert all(1 <= len(line) <= 16 for line in first.stdout.splitlines())
    assert "chi-square p" in first.stderr


def test_a_damaged_source_gives_a_corpus_and_exit_code_3(tmp_path):
    text = "\n".join(f"This is line {k * 7919 % 10007} of the text." for k in range(20000))
    packed = gzip.compress(text.encode())
    (tmp_path / "cut.txt.gz").write_bytes(packed[: len(packed) // 2])
    result = run("build", tmp_path / "cut.txt.gz", "--out", tmp_path / "out")
    assert result.returncode == 3
    assert "cut.txt.gz at byte" in result.stderr and "truncated" in result.stderr
    assert "Traceback" not in result.stderr
    assert run("show", tmp_path / "out").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("build", "none.txt", "--out", "o"), 3, "none.txt does not exist"),
        (("build", "bultin:en", "--out", "o"), 2, "did you mean 'builtin'"),
        (("build", "builtin:en", "--out", "o", "--alphabet", "digits"), 3, "is left after cleaning"),
        (
            ("build", "builtin:en", "--out", "o", "--alphabet", "englisch"),
            2,
            "There is no alphabet 'englisch'",
        ),
        (("show", "none"), 3, "is no corpus"),
    ],
)
def test_faults_are_one_sentence_and_an_exit_code(arguments, code, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.returncode == code
    assert message in result.stderr.replace("\n", " ")
    assert "Traceback" not in result.stderr
    assert not list(tmp_path.iterdir())
