"""The report of a corpus: its figures are those of the corpus and of the drawn lines; it stands alone."""

import re
from collections import Counter

import pytest

from corpora.alphabet import load_alphabet
from corpora.build import BuildOptions, build_corpus
from corpora.lengths import LengthTarget
from corpora.line_sample import draw_sample
from corpora.report import corpus_report, kind_of, write_corpus_report
from corpora.rules.settings import TextRules
from corpora.sampler import TextSampler

NOUNS = ("river", "stone", "market", "winter", "garden", "letter", "captain", "window", "island", "kettle")
VERBS = (
    "follows",
    "carries",
    "remembers",
    "finds",
    "answers",
    "watches",
    "paints",
    "mends",
    "sells",
    "names",
)
SECTIONS = (
    "Overview",
    "Lengths",
    "Characters",
    "Words",
    "Sources",
    "Rules",
    "Dropped",
    "Duplicates and guard",
    "Repaired and foreign",
    "Lines",
    "Alphabet",
    "Costs",
)


def sentences(subjects, objects):
    return [
        f"The {a} {VERBS[(i + j) % 10]} a {b} and the {objects[j - 3]} finds the {subjects[i - 1]}."
        for i, a in enumerate(subjects)
        for j, b in enumerate(objects)
    ]


@pytest.fixture(scope="module")
def sampler(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    first = [
        *sentences(NOUNS, NOUNS),
        "Жук <b>",
        "A cafe\u0301 stands by the river.",
        "One “quoted” <script>alert(1)</script> line.",
        sentences(NOUNS, NOUNS)[0],
    ]
    (folder / "a.txt").write_text(
        "\n".join([*first, "A benchmark line that must not be seen here at all."]), encoding="utf-8"
    )
    (folder / "b.txt").write_text("\n".join(sentences(NOUNS[::-1], VERBS)), encoding="utf-8")
    (folder / "benchmark.txt").write_text(
        "A benchmark line that must not be seen here at all.\n", encoding="utf-8"
    )
    alphabet = folder / "alphabet.txt"
    alphabet.write_text("".join(load_alphabet("en").characters) + "<>é", encoding="utf-8")
    corpus = build_corpus(
        [f"file:{folder / 'a.txt'}?weight=1", f"file:{folder / 'b.txt'}?weight=3"],
        load_alphabet(str(alphabet)),
        folder / "corpus",
        BuildOptions(guard=(str(folder / "benchmark.txt"),), near_repeats=0),
    )
    target = LengthTarget("some", tuple(range(20, 60)), (1.0,) * 40)
    return TextSampler(corpus, target, 3, TextRules(numbers=0.2))


@pytest.fixture(scope="module")
def drawn(sampler):
    return draw_sample(sampler, 1500)


@pytest.fixture(scope="module")
def html(drawn):
    return corpus_report(drawn)


def section(html: str, heading: str) -> str:
    return re.search(rf"<h2>{heading}</h2>(.*?)</section>", html, re.DOTALL).group(1)


def test_the_page_stands_alone_and_has_every_part(html):
    assert re.findall(r"<h2>(.*?)</h2>", html) == list(SECTIONS)
    assert not re.search(r'(?:src|href)="(?!data:|#)|@import|url\(', html)
    assert "<script>alert" not in html


def test_what_was_dropped_stands_by_reason_with_samples(html, sampler):
    counts, text = sampler.corpus.counts, section(html, "Dropped")
    assert set(counts.dropped) >= {"foreign", "duplicate", "benchmark"}
    for reason, count in counts.dropped.items():
        assert re.search(rf"<td>{reason}</td><td class=\"number\">{count}</td>", text)
    assert "Жук &lt;b&gt;" in text
    assert "keeps out, by runs of 6 words: 1; too short for it: 0." in section(html, "Duplicates and guard")
    assert "quotes" in section(html, "Repaired and foreign")
    assert "cyrillic capital letter zhe" in section(html, "Repaired and foreign")


def test_fault_02_the_page_says_how_many_lines_were_normalised(html):
    assert re.search(r"<td>nfc</td><td class=\"number\">1</td>", section(html, "Repaired and foreign"))


def test_fault_08_the_page_says_what_share_was_there_before(html, sampler):
    text, counts = section(html, "Duplicates and guard"), sampler.corpus.counts
    share = counts.dropped["duplicate"] / counts.paragraphs
    assert share > 0 and f">{share:.1%}<" in text
    assert "A paragraph may occur once." in text


def test_lines_are_those_of_the_sampler(html, drawn, sampler):
    assert drawn.lines[7] == sampler.line(7)
    text = section(html, "Lines")
    assert sampler.line(0).text.split(" ")[1] in text
    assert text.count("<tr>") == 201  # with the headings


def test_sources_are_shown_with_weights_and_what_was_drawn_of_them(html, drawn):
    first, second = drawn.by_source
    assert 2.4 < second / first < 3.7
    rows = re.findall(r"<tr><td>file:.*?</tr>", section(html, "Sources"))
    assert len(rows) == 2
    assert f"{first / (first + second):.0%}" in rows[0]


def test_characters_have_their_counts_and_what_was_drawn(html, drawn, sampler):
    row = re.search(r"<tr><td>q</td>.*?</tr>", section(html, "Characters"), re.DOTALL).group()
    assert f'<td class="number">{sampler.corpus.character_counts["q"]:,}</td>' in row
    assert "latin small letter q" in row
    assert "never" in re.search(r"<tr><td>Q</td>.*?</tr>", section(html, "Characters"), re.DOTALL).group()
    assert drawn.characters == Counter("".join(line.text for line in drawn.lines))
    assert 0 < drawn.strangeness < 0.2


def test_rules_show_what_was_asked_for_and_reached(html, drawn):
    numbers = re.search(r"<tr><td>numbers</td>.*?</tr>", section(html, "Rules"), re.DOTALL).group()
    assert "20.0%" in numbers and f">{drawn.edits['numbers']}<" in numbers
    assert drawn.bits["numbers"] > drawn.bits[""]


def test_without_rules_the_drawn_text_is_that_of_the_corpus(sampler):
    plain = draw_sample(TextSampler(sampler.corpus, sampler.target, 3, TextRules.none()), 1500)
    assert set(plain.edits) <= {"cut", "short"}
    assert plain.strangeness < draw_sample(sampler, 1500).strangeness


@pytest.mark.parametrize(
    ("character", "kind"),
    [
        ("a", "letter"),
        ("Ä", "capital"),
        ("ª", "letter"),
        ("1", "digit"),
        (",", "punctuation"),
        ("€", "sign"),
        (" ", "blank"),
        ("\u0301", "mark"),
    ],
)
def test_kinds_of_characters(character, kind):
    assert kind_of(character) == kind


def test_the_command_writes_the_page_and_tells_the_fit(inkmill, sampler, tmp_path):
    result = inkmill(
        "corpus", "report", str(sampler.corpus.path), "--target", "demo", "-n", "300", "--out", "r.html"
    )
    assert result.returncode == 0, result.stderr
    assert "300 lines; lengths 0." in result.stdout and "by chance" in result.stdout
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "300 lines drawn" in page and "<title>Corpus corpus</title>" in page


def test_the_same_lines_make_the_same_page_but_for_the_clock(sampler, tmp_path):
    pages = []
    for name in "ab":
        write_corpus_report(sampler, tmp_path / name, 200)
        pages.append((tmp_path / name).read_text(encoding="utf-8").partition('id="costs"')[0])
    assert pages[0] == pages[1]
