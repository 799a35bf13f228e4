"""The command line as a whole: help, versions, exit codes, and where each word goes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner, Result

from common.errors import DataError
from pipelines.cli import VERBS, app, load

ROOT = Path(__file__).resolve().parents[2]
Inkmill = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], Result]:
    """Puts a function in the place of `inkmill demo` and runs it."""

    def run(body: Callable[[], None], *before: str) -> Result:
        module = ModuleType("pipelines.commands.demo")

        def command() -> None:
            """Run the whole line."""
            body()

        module.command = command  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "pipelines.commands.demo", module)
        return CliRunner().invoke(app, [*before, "demo"])

    return run


def fail(error: BaseException) -> Callable[[], None]:
    def body() -> None:
        raise error

    return body


def test_help_names_every_verb(inkmill: Inkmill) -> None:
    done = inkmill("--help")
    assert done.returncode == 0
    assert all(f"  {name} " in done.stdout for name in VERBS)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from pipelines.cli import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    loaded = set(done.stderr.split())
    assert not loaded & {
        "torch",
        "ray",
        "numpy",
        "cv2",
        "datasets",
        "pydantic",
        "rich",
        "pipelines.commands.render",
    }


def test_version(inkmill: Inkmill) -> None:
    assert inkmill("--version").stdout == "inkmill 0.1.0\n"


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["rendr"], "Did you mean 'render'?"),
        (["bench", "rendr"], "did you mean 'render'?"),
        (["bench", "--jsn", "x", "render"], "--json"),
        (["--versoin"], "--version"),
        (["bench"], "area"),
    ],
)
def test_an_unknown_word_is_a_usage_error_with_the_nearest_known(
    inkmill: Inkmill, arguments: list[str], hint: str
) -> None:
    done = inkmill(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert hint in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_of_the_user_is_one_sentence_and_its_exit_code(verb: Callable[..., Result]) -> None:
    done = verb(fail(DataError("shard-3.tar is cut", "4096 bytes", "render it again")))
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr == "inkmill: shard-3.tar is cut. Expected: 4096 bytes. What to do: render it again.\n"


def test_more_is_said_when_asked(verb: Callable[..., Result]) -> None:
    assert "Traceback" in verb(fail(DataError("cut")), "-v").stderr


def test_a_full_or_forbidden_disk_is_told_in_words(verb: Callable[..., Result]) -> None:
    for code in (28, 13, 30):
        done = verb(fail(OSError(code, os.strerror(code), "out/shard.tar")))
        assert done.exit_code == 4
        assert f"out/shard.tar: {os.strerror(code)}. Expected: " in done.stderr
        assert "What to do: " in done.stderr


def test_a_library_that_does_not_load_is_told_in_words(verb: Callable[..., Result]) -> None:
    done = verb(fail(ImportError("libGL.so.1: cannot open shared object file", name="cv2")))
    assert done.exit_code == 4
    assert "libGL" in done.stderr and "inkmill doctor" in done.stderr


def test_a_bug_keeps_its_traceback(verb: Callable[..., Result]) -> None:
    for bug in (ZeroDivisionError("a bug"), ImportError("no name 'x' in 'synth'", name="synth.render")):
        assert verb(fail(bug)).exception is bug


def test_an_interrupt_says_how_to_go_on(verb: Callable[..., Result]) -> None:
    done = verb(fail(KeyboardInterrupt()))
    assert done.exit_code == 130
    assert "the same command goes on" in done.stderr


def test_an_interrupted_training_is_told_to_resume(monkeypatch: pytest.MonkeyPatch) -> None:
    def command(resume: bool = False) -> None:
        raise KeyboardInterrupt

    module = ModuleType("pipelines.commands.pretrain")
    module.command = command  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    assert "the same command with --resume goes on" in CliRunner().invoke(app, ["pretrain"]).stderr


def test_the_real_signal_does_the_same(tmp_path: Path) -> None:
    code = (
        "import signal, sys, time, types; m = types.ModuleType('pipelines.commands.demo')\n"
        # A test run in the background hands down a SIGINT that is ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def command():\n print('ready', flush=True); time.sleep(60)\n"
        "m.command = command; sys.modules[m.__name__] = m\n"
        "from pipelines.cli import app; app(['demo'])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "the same command goes on" in said and "Traceback" not in said


def test_a_reader_who_leaves_is_no_error() -> None:
    code = (
        "import sys, types, typer; m = types.ModuleType('pipelines.commands.demo')\n"
        "def command():\n for n in range(100000): typer.echo(n)\n"
        "m.command = command; sys.modules[m.__name__] = m\n"
        "from pipelines.cli import app; app(['demo'])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stderr
    process.stdout.readline()
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=30), said) == (141, "")


def test_a_missing_verb_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERBS, "absent", "Not there.")
    done = CliRunner().invoke(app, ["absent"])
    assert done.exit_code == 2
    assert "This installation has no 'absent'" in done.stderr
    assert CliRunner().invoke(app, ["bench", "--help"]).exit_code == 0


@pytest.mark.parametrize("name", sorted(VERBS))
def test_every_verb_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        load(name).main(["--help"])
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith("Usage: ")


def test_logs_and_results_do_not_mix(verb: Callable[..., Result]) -> None:
    import typer

    from common.progress import say

    def body() -> None:
        say("Fetching the fonts.")
        typer.echo(json.dumps({"hands": 64}))

    done = verb(body)
    assert json.loads(done.stdout) == {"hands": 64}
    assert done.stderr == "Fetching the fonts.\n"
    assert verb(body, "-q").stderr == ""
