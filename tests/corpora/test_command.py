"""`inkmill corpus` through the real command line: results, messages, exit codes."""

import gzip
import re

import pytest

from corpora.alphabet import load_alphabet
from corpora.build import build_corpus

TEXT = "It is a line of text.\nЖук\n" + "Another one is here.\n" * 3


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("command")
    (folder / "text.txt").write_text(TEXT, encoding="utf-8")
    sources = [str(folder / "text.txt"), "builtin:numbers"]
    return build_corpus(sources, load_alphabet("en"), folder / "out").path


def test_build_tells_what_was_kept_and_dropped(inkmill, tmp_path):
    (tmp_path / "text.txt").write_text(TEXT, encoding="utf-8")
    result = inkmill("corpus", "build", "text.txt", "--out", "out", "--alphabet", "en")
    assert result.returncode == 0, result.stderr
    assert "2 of 5 paragraphs kept: 2 documents, 41 characters" in result.stdout
    assert "dropped: 2 duplicate (40.0%), 1 foreign (20.0%)" in result.stdout


def test_show_lists_documents_and_what_was_dropped(inkmill, built):
    result = inkmill("corpus", "show", str(built))
    assert result.returncode == 0
    assert "U+0416 CYRILLIC CAPITAL LETTER ZHE" in result.stdout
    assert "It is a line of text." in result.stdout


def test_rejected_lines_are_printed_by_reason(inkmill, built):
    result = inkmill("corpus", "rejected", str(built), "--reason", "foreign")
    reason, source, text, detail = result.stdout.rstrip("\n").split("\t")
    assert (reason, text) == ("foreign", "Жук") and source.startswith("file:") and "U+0416" in detail
    assert len(inkmill("corpus", "rejected", str(built), "-n", "2").stdout.splitlines()) == 2
    other = inkmill("corpus", "rejected", str(built), "--reason", "foreing")
    assert other.returncode == 2 and "did you mean 'foreign'" in other.stderr.replace("\n", " ")


def test_the_repair_table_is_printed_with_code_points(inkmill):
    lines = inkmill("corpus", "repairs").stdout.splitlines()
    assert "quotes\t“\tU+201C LEFT DOUBLE QUOTATION MARK\t'\"'" in lines
    assert "zero-width\t \tU+00AD SOFT HYPHEN\t''" in lines


def test_build_takes_policy_guard_language_and_workers(inkmill, tmp_path):
    lines = [
        "A naïve line of English text.",
        "We shall keep this out of it, shall we.",
        "Ceci est en français, dit-on ici.",
    ]
    (tmp_path / "text.txt").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "test.txt").write_text("Shall keep this out of it\nshort\n", encoding="utf-8")
    options = ("--policy", "remove", "--guard", "test.txt", "--language", "en", "--workers", "2")
    result = inkmill("corpus", "build", "text.txt", "--out", "out", *options)
    assert result.returncode == 0, result.stderr
    assert "dropped: 1 benchmark (33.3%), 1 language (33.3%)" in result.stdout
    assert "guarded: 1 benchmark lines; 1 are too short for it" in result.stdout
    assert "nave line" in inkmill("corpus", "show", "out").stdout


def test_sample_draws_lines_on_stdout_and_tells_the_fit_on_stderr(inkmill, built):
    first, second = (
        inkmill("corpus", "sample", str(built), "--target", "digits", "-n", "60", "--seed", seed)
        for seed in "12"
    )
    assert len(first.stdout.splitlines()) == 60
    assert first.stdout != second.stdout
    assert all(1 <= len(line) <= 16 for line in first.stdout.splitlines())
    assert "chi-square p" in first.stderr


def test_sample_tells_fit_rules_and_price_in_full(inkmill, built):
    result = inkmill(
        *("corpus", "sample", str(built), "--target", "rimes", "-n", "400", "--fit"),
        *("--language", "fr", "--rule", "none", "--rule", "dates=0.5"),
    )
    assert result.returncode == 0, result.stderr
    rows = dict(line.split("\t") for line in result.stdout.splitlines() if not line.startswith("source"))
    assert "RIMES 2011" in rows["target"] and "reconstructed" in rows["target"]
    assert rows["characters"].startswith("total variation 0.")
    assert "50.00% asked" in rows["dates"] and "bits per character" in rows["dates"]
    assert "numbers" not in rows
    assert "in a million characters" in rows["rarest"]


def test_fit_tells_the_lines_that_are_phrases_and_no_p_of_few_lines(inkmill, built):
    draw = ("corpus", "sample", str(built), "--target", "digits", "--rule", "none", "--rule", "numbers=1")
    result = inkmill(*draw, "-n", "49", "--fit")
    rows = dict(line.split("\t") for line in result.stdout.splitlines())
    source, rules = (float(re.search(r"([\d.]+)%", rows[name])[1]) for name in ("source", "rules"))
    assert rules > 0 and source + rules == pytest.approx(100, abs=0.2)
    assert "chi-square" not in result.stdout + inkmill(*draw, "-n", "49").stderr


def test_what_does_not_go_together_is_told_in_a_sentence(inkmill, built, tmp_path):
    result = inkmill("corpus", "sample", str(built), "--rule", "dates=0.6", "--rule", "names=0.6")
    assert result.returncode == 2
    assert "together 1." in result.stderr and "{" not in result.stderr
    assert inkmill("corpus", "report", str(built), "--out", "r.html", "--seed", "-1").returncode == 2
    (tmp_path / "ru.txt").write_text("Слова и ещё слова, и так далее.\n" * 3, encoding="utf-8")
    assert inkmill("corpus", "build", "ru.txt", "--alphabet", "ru", "--out", "russian").returncode == 0
    told = inkmill("corpus", "sample", "russian", "--target", "digits", "-n", "9").stderr
    assert told.count("The corpus is in Cyrillic letters") == 1


def test_a_damaged_source_gives_a_corpus_and_exit_code_3(inkmill, tmp_path):
    text = "\n".join(f"This is line {k * 7919 % 10007} of the text." for k in range(20000))
    packed = gzip.compress(text.encode())
    (tmp_path / "cut.txt.gz").write_bytes(packed[: len(packed) // 2])
    result = inkmill("corpus", "build", "cut.txt.gz", "--out", "out")
    assert result.returncode == 3
    assert "cut.txt.gz at byte" in result.stderr and "truncated" in result.stderr
    assert "Traceback" not in result.stderr
    assert inkmill("corpus", "show", "out").returncode == 0


def test_an_empty_file_among_others_is_told_and_no_failure(inkmill, tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "texts" / "b.txt").touch()
    result = inkmill("corpus", "build", "texts", "--out", "out")
    assert result.returncode == 0, result.stderr
    assert "lost: texts/b.txt at byte 0: empty-file" in result.stderr
    assert "1 empty-file" in result.stdout


def test_many_losses_are_told_in_short_before_the_summary(inkmill, tmp_path):
    lines = [b"A good line."] + [b"Voil\xe0 %d" % k for k in range(200)]
    (tmp_path / "latin1.txt").write_bytes(b"\n".join(lines))
    packed = gzip.compress(b"\n".join(lines))
    (tmp_path / "latin1.txt.gz").write_bytes(packed)
    result = inkmill("corpus", "build", "latin1.txt", "latin1.txt.gz", "--out", "out")
    told = [line for line in result.stderr.splitlines() if line.startswith("lost:")]
    assert len(told) == 11 and told[-1] == "lost: and 390 more: not-utf8"
    assert told[0].startswith("lost: latin1.txt at byte 17: not-utf8: ")
    assert told[5].startswith("lost: latin1.txt.gz at byte 17 of the unpacked text: not-utf8: ")
    assert "iconv" in result.stderr and "400 not-utf8" in result.stdout


def test_a_source_without_text_is_told_so(inkmill, tmp_path):
    (tmp_path / "empty.txt.gz").write_bytes(gzip.compress(b""))
    (tmp_path / "blank.txt").write_text("\n \n")
    for name in ("empty.txt.gz", "blank.txt"):
        told = inkmill("corpus", "build", name, "--out", "out").stderr.replace("\n", " ")
        assert "there is no text in it" in told and "alphabet" not in told


def test_memory_is_no_place_for_what_a_command_makes(inkmill):
    for out in ("memory:out", "memory://out"):
        result = inkmill("corpus", "build", "builtin:numbers", "--out", out)
        assert result.returncode == 2 and "would be gone" in result.stderr


def test_lost_lines_are_part_of_the_lines_that_were_read(inkmill, tmp_path):
    (tmp_path / "a.jsonl").write_text('"A good line."\n{"text":\n')
    result = inkmill("corpus", "build", "a.jsonl", "--out", "out")
    assert "1 of 2 paragraphs kept" in result.stdout and "1 not-json (50.0%)" in result.stdout


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
def test_faults_are_one_sentence_and_an_exit_code(inkmill, arguments, code, message, tmp_path):
    result = inkmill("corpus", *arguments)
    assert result.returncode == code
    assert message in result.stderr.replace("\n", " ")
    assert "Traceback" not in result.stderr
    assert not list(tmp_path.iterdir())
