"""Rendering a data set: the same bytes whoever makes them, and a run that died goes on."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from common.errors import DataError, EnvironmentProblem
from fonts.ledger import LEDGER
from pipelines.executors import Executor, InlineExecutor, LocalExecutor, RayExecutor
from pipelines.plan import RenderPlan
from pipelines.render import render_dataset, render_shard
from shards.manifest import MANIFEST, PLAN, RECIPE, Manifest
from shards.reader import read_samples
from shards.store import open_store
from shards.verify import verify
from synth.recipe import Recipe
from tests.pipelines.fake_mill import make_plan, open_barren, open_fake

RAY = pytest.param(RayExecutor(2), id="ray", marks=pytest.mark.slow)
ROOT = Path(__file__).parents[2]


def run(plan: RenderPlan, out: Path | str, executor: Executor | None = None) -> Manifest:
    return render_dataset(plan, str(out), executor or InlineExecutor(), mill=open_fake)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def reference(tmp_path: Path) -> dict[str, bytes]:
    """What an undisturbed run in one process leaves."""
    run(make_plan(tmp_path), tmp_path / "reference")
    return contents(tmp_path / "reference")


def test_a_data_set_is_whole_and_says_where_it_comes_from(tmp_path: Path) -> None:
    plan = make_plan(tmp_path)
    manifest = run(plan, tmp_path / "out")
    store = open_store(str(tmp_path / "out"))
    assert verify(store, depth="deep").whole
    assert [shard.samples for shard in manifest.shards] == [5, 5, 4, 5, 2]
    assert (manifest.samples, manifest.missing) == (21, 1)
    assert manifest.drops == {"clipped-ink": 8, "no-hand": 8}
    assert manifest.fonts[0].licence == "OFL-1.1" and manifest.fonts[0].samples == 21
    assert b"| Fake | Regular |" in store.get(LEDGER) and b"| own file " in store.get(LEDGER)
    assert (manifest.plan, manifest.sources, manifest.alphabet) == (plan.fingerprint, ("fake",), "ab")
    samples = [sample for entry in manifest.shards for sample in read_samples(store, entry)]
    assert [int(sample.key) for sample in samples] == [index for index in range(22) if index != 13]
    assert [sample.provenance["attempt"] for sample in samples[:4]] == [1, 0, 0, 1]


def test_settings_are_written_beside(tmp_path: Path) -> None:
    run(make_plan(tmp_path), tmp_path / "out")
    resolved = Recipe.parse(__import__("yaml").safe_load((tmp_path / "out" / RECIPE).read_text()), "it")
    assert resolved == Recipe()
    assert RenderPlan.model_validate_json((tmp_path / "out" / PLAN).read_bytes()) == make_plan(tmp_path)


@pytest.mark.parametrize(
    "executor",
    [
        pytest.param(LocalExecutor(1), id="1-worker"),
        pytest.param(LocalExecutor(3), id="3-workers"),
        RAY,
    ],
    indirect=True,
)
def test_the_bytes_do_not_depend_on_who_makes_them(
    tmp_path: Path, reference: dict[str, bytes], executor: Executor
) -> None:
    run(make_plan(tmp_path), tmp_path / "out", executor)
    assert contents(tmp_path / "out") == reference


@pytest.mark.parametrize(
    "executor",
    [
        pytest.param(LocalExecutor(2), id="local"),
        RAY,
    ],
    indirect=True,
)
def test_the_bytes_do_not_depend_on_a_retry(
    tmp_path: Path, reference: dict[str, bytes], executor: Executor
) -> None:
    (tmp_path / "die-7").touch()
    (tmp_path / "die-16").touch()
    run(make_plan(tmp_path), tmp_path / "out", executor)
    assert not (tmp_path / "die-7").exists() and not (tmp_path / "die-16").exists()
    assert contents(tmp_path / "out") == reference


def test_a_line_that_always_kills_costs_its_shard_and_no_other(
    tmp_path: Path, reference: dict[str, bytes]
) -> None:
    trap = tmp_path / "die-7"
    trap.write_text("always")
    with pytest.raises(EnvironmentProblem, match=r"died 2 times each on 1;"):
        run(make_plan(tmp_path), tmp_path / "out", LocalExecutor(2, attempts=2))
    found = contents(tmp_path / "out")
    assert reference.keys() - found.keys() == {
        MANIFEST,
        LEDGER,
        *(f"lines-000001.{s}" for s in ("tar", "npy", "json")),
    }
    trap.unlink()
    run(make_plan(tmp_path), tmp_path / "out")
    assert contents(tmp_path / "out") == reference


def test_memory_is_filled_by_processes_that_cannot_see_it(
    tmp_path: Path, reference: dict[str, bytes]
) -> None:
    url = f"memory:{uuid.uuid4().hex}"
    run(make_plan(tmp_path), url, LocalExecutor(2))
    store = open_store(url)
    assert {file.name: store.get(file.name) for file in store.list()} == reference


def start(folder: Path, out: Path) -> subprocess.Popen[str]:
    """A run of 22 lines in 2 processes, made slow, in a session of its own."""
    (folder / "slow").touch()
    return subprocess.Popen(
        [sys.executable, "-m", "tests.pipelines.fake_mill", str(folder), str(out), "2"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(found: object, run: subprocess.Popen[str]) -> None:
    """Wait until ``found()`` is true."""
    deadline = time.monotonic() + 60
    while not found():  # type: ignore[operator]
        assert time.monotonic() < deadline and run.poll() is None, run.communicate()
        time.sleep(0.005)


@pytest.mark.parametrize("group", [False, True], ids=["driver", "all"])
def test_a_kill_at_any_moment_costs_only_what_was_not_finished(
    tmp_path: Path, reference: dict[str, bytes], group: bool
) -> None:
    out = tmp_path / "out"
    killed = start(tmp_path, out)
    wait_for(lambda: list(out.glob("lines-*.json")), killed)
    (os.killpg if group else os.kill)(killed.pid, signal.SIGKILL)
    killed.communicate()  # ends only when no worker holds the pipe any more
    assert not (out / MANIFEST).exists()
    kept = {path.name: path.stat().st_mtime_ns for path in out.glob("lines-*.json")}
    run(make_plan(tmp_path), out)
    assert contents(out) == reference
    assert {name: (out / name).stat().st_mtime_ns for name in kept} == kept


def test_ctrl_c_finishes_the_shards_at_hand_and_the_next_run_the_rest(
    tmp_path: Path, reference: dict[str, bytes]
) -> None:
    out = tmp_path / "out"
    stopped = start(tmp_path, out)
    wait_for(lambda: list(out.glob("lines-*.json")), stopped)
    os.killpg(stopped.pid, signal.SIGINT)
    _, told = stopped.communicate(timeout=60)
    assert stopped.returncode != 0
    assert "of 5 shards are finished" in told
    names = {path.name for path in out.iterdir()}
    assert MANIFEST not in names and not [name for name in names if name.endswith(".part")]
    assert 2 <= len(list(out.glob("lines-*.json"))) < 5
    run(make_plan(tmp_path), out)
    assert contents(out) == reference


@pytest.mark.parametrize("damage", ["cut", "gone", "record cut", "record gone", "index cut", "other plan"])
def test_what_is_not_whole_is_made_again(tmp_path: Path, reference: dict[str, bytes], damage: str) -> None:
    out = tmp_path / "out"
    run(make_plan(tmp_path), out)
    tar, index, record = (out / f"lines-000002.{suffix}" for suffix in ("tar", "npy", "json"))
    if damage == "cut":
        tar.write_bytes(tar.read_bytes()[:-512])
    elif damage == "gone":
        tar.unlink()
    elif damage == "record cut":
        record.write_bytes(record.read_bytes()[:50])
    elif damage == "record gone":
        record.unlink()
    elif damage == "index cut":
        index.write_bytes(b"")
    else:
        record.write_text(record.read_text().replace(make_plan(tmp_path).fingerprint, "0" * 16))
    told: list[tuple[int, bool]] = []
    render_dataset(
        make_plan(tmp_path),
        str(out),
        InlineExecutor(),
        on_progress=lambda n, made: told.append((n, made)),
        mill=open_fake,
    )
    assert told == [(5, False), (5, False), (5, False), (2, False), (5, True)]
    assert contents(out) == reference


def test_other_settings_in_the_same_place_are_refused_by_name(tmp_path: Path) -> None:
    run(make_plan(tmp_path), tmp_path / "out")
    before = contents(tmp_path / "out")
    other = make_plan(tmp_path, seed=8, recipe=Recipe.parse({"output": {"height": 48}}, "it"))
    with pytest.raises(
        DataError, match=r"recipe\.output\.height \(64 there, 48 now\); seed \(7 there, 8 now\)"
    ):
        run(other, tmp_path / "out")
    assert contents(tmp_path / "out") == before


def test_the_same_settings_from_another_folder_go_on(tmp_path: Path, reference: dict[str, bytes]) -> None:
    (tmp_path / "moved").mkdir()
    run(make_plan(tmp_path / "moved"), tmp_path / "reference")
    assert contents(tmp_path / "reference") == reference


def test_a_folder_with_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(DataError, match=r"is not empty and holds no data set \(thesis\.txt"):
        run(make_plan(tmp_path), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_foreign_plan_is_refused(tmp_path: Path) -> None:
    (tmp_path / PLAN).write_text("[]")
    with pytest.raises(DataError, match="cut or foreign"):
        run(make_plan(tmp_path), tmp_path)


def test_a_mill_that_rejects_everything_says_why(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"No line of lines-000000 could be rendered \(low-contrast 40\)"):
        render_shard(make_plan(tmp_path), 0, open_barren)


def test_a_plan_that_has_made_nothing_gives_way(tmp_path: Path, reference: dict[str, bytes]) -> None:
    out = tmp_path / "out"
    with pytest.raises(DataError, match="No line of lines-000000"):
        render_dataset(make_plan(tmp_path, seed=8), str(out), InlineExecutor(), mill=open_barren)
    assert contents(out).keys() == {PLAN, RECIPE}
    run(make_plan(tmp_path), out)
    assert contents(out) == reference


def test_a_plan_that_is_no_render_plan_does_not_give_way(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / PLAN).write_text('{"holidays": "Rome"}')
    with pytest.raises(DataError):
        run(make_plan(tmp_path), tmp_path / "out")
    assert contents(tmp_path / "out") == {PLAN: b'{"holidays": "Rome"}'}


@pytest.mark.parametrize("name", [PLAN, RECIPE])
def test_a_lost_record_of_the_settings_is_written_again(
    tmp_path: Path, reference: dict[str, bytes], name: str
) -> None:
    out = tmp_path / "out"
    run(make_plan(tmp_path), out)
    (out / name).unlink()
    run(make_plan(tmp_path), out)
    assert contents(out) == reference


def test_a_full_disk_ends_the_run_with_nothing_half(
    tmp_path: Path, reference: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    out, real = tmp_path / "out", Path.write_bytes

    def fills_up(path: Path, content: bytes) -> int:
        if "lines-000003.tar" in path.name:
            real(path, content[:700])
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", fills_up)
        with pytest.raises(EnvironmentProblem, match="disk is full"):
            run(make_plan(tmp_path), out)
    left = contents(out)
    assert "lines-000002.json" in left and not [name for name in left if "000003" in name or name == MANIFEST]
    assert left.items() <= reference.items()
    run(make_plan(tmp_path), out)
    assert contents(out) == reference


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "out")).writing(), pytest.raises(DataError, match="Another run"):
        run(make_plan(tmp_path), tmp_path / "out")
