"""Build a corpus of many generated web-like lines: lines per second and peak memory.

    python benchmarks/corpus_build.py --lines 10000000 --workers 2

The lines are of web length (80 characters in the middle), drawn from a Zipf vocabulary, with typographic
quotes, foreign scripts, repeated and template lines; every figure is of the whole build, reading included.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from common.memory import peak_bytes
from corpora.alphabet import load_alphabet
from corpora.build import build_corpus
from pipelines.bench.web_lines import write_lines
from pipelines.executors import InlineExecutor, LocalExecutor


def main() -> None:
    """Write the lines, build, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "web.txt"
        write_lines(source, arguments.lines)
        before = peak_bytes()
        executor = InlineExecutor() if arguments.workers == 1 else LocalExecutor(arguments.workers)
        begin, cpu = time.perf_counter(), time.process_time()
        corpus = build_corpus([str(source)], load_alphabet("en"), Path(folder) / "corpus", run=executor.map)
        took, spent = time.perf_counter() - begin, time.process_time() - cpu
        counts = corpus.counts
        size = source.stat().st_size / 2**20
        here, worker = peak_bytes() >> 20, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
        report = (
            f"{counts.paragraphs:,} lines, {size:,.0f} MiB, {arguments.workers} worker(s): {took:.1f} s",
            f"{counts.paragraphs / took:,.0f} lines/s; CPU time of this process {spent:.1f} s",
            f"kept {counts.kept:,}; dropped {counts.dropped}; seconds of work {corpus.costs}",
            f"peak memory: {here} MiB here ({before >> 20} before), {worker} MiB in a worker",
        )
        sys.stdout.write("\n".join(report) + "\n")


if __name__ == "__main__":
    main()
