"""The `inkmill` command: one table of verbs, and the one place where faults become exit codes.

A verb's module in `pipelines/commands/` is imported only when that verb is asked for, so `--help` stays
fast and one broken verb never takes the others with it. Results go to stdout; progress and messages go to
stderr. What a verb does lives in the packages below; nothing here knows it.
"""

from __future__ import annotations

import errno
import importlib
import importlib.metadata
import logging
import os
import sys
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from common.errors import EnvironmentProblem, InkmillError, UsageError
from common.progress import StderrHandler
from pipelines import ROOMS

VERBS = {
    "doctor": "Say what this machine has and lacks, and what to do.",
    "fonts": "Fetch the open handwriting fonts, add your own, look at them.",
    "alphabet": "Show, make and compare the characters of presets, texts, corpora and handwriting.",
    "tokenizer": "Train pieces of words on a text, look at them.",
    "corpus": "Build a corpus of text, look at it, draw lines from it.",
    "data": "Look at real handwriting: splits, lengths, characters, leaks, pictures.",
    "preview": "Draw a page of samples from a recipe.",
    "fit": "Write the recipe whose samples match real lines, and judge recipes beside them.",
    "audit": "Check samples once more, by other means than the mill's.",
    "render": "Write text lines in many hands and pack them into shards.",
    "verify": "Check a data set: count, size and hash of every shard.",
    "upload": "Copy a finished set of shards to another store.",
    "pretrain": "Train a recogniser on rendered shards.",
    "finetune": "Go on training on real handwriting.",
    "evaluate": "Measure a model on a split: CER, WER, report.",
    "recognize": "Read pictures of handwritten lines.",
    "bench": "Measure one area and print its figures beside their targets.",
    "demo": "Run the whole line, from text to a recogniser, with a report.",
}
INTERRUPTED = 130  # 128 + SIGINT, as shells have it
BROKEN_PIPE = 141  # 128 + SIGPIPE
_FULL = ("free space", "free some and run the same command again")
_FORBIDDEN = ("permission to read or write it", "change its permissions, or choose another place")
MACHINE_FAULTS = {  # the user's to put right: what would have been right, what to do
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: ("a disk that can be written to", "choose a place on another disk"),
}

log = logging.getLogger("inkmill")


class Verbs(TyperGroup):
    """A group that shows the table of verbs and imports a verb's module only to run it."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {name: TyperCommand(name, help=text) for name, text in VERBS.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(name) if name and command else command, rest

    def invoke(self, ctx: Any) -> Any:
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except InkmillError as error:
            _leave(error)
        except KeyboardInterrupt:
            typer.echo(f"\nStopped. What is finished is kept; {_way_on(ctx.invoked_subcommand)}.", err=True)
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # The reader has gone (`inkmill ... | head`); the interpreter must not flush to it on its way out.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(BROKEN_PIPE) from None
        except ImportError as error:
            if (error.name or "").partition(".")[0] in ROOMS:
                raise
            _leave(EnvironmentProblem(f"A library cannot be loaded: {error}", remedy="run 'inkmill doctor'"))
        except OSError as error:
            if error.errno not in MACHINE_FAULTS:
                raise
            found = f"{error.filename or 'A file'}: {error.strerror}"
            _leave(EnvironmentProblem(found, *MACHINE_FAULTS[error.errno]))


def load(verb: str) -> Any:
    """The real command of a verb: the `app` of `pipelines.commands.<verb>`, else its `command`.

    Raises:
        UsageError: this installation has no such module.
    """
    name = f"pipelines.commands.{verb}"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise UsageError(f"This installation has no '{verb}'", remedy="install the project again") from None
    tree = typer.Typer(rich_markup_mode=None)
    if hasattr(module, "app"):
        tree.add_typer(module.app, name=verb)
    else:
        tree.command(verb)(module.command)
    return typer.main.get_group(tree).commands[verb]


def main() -> None:
    """Run the command line; leaves the process with the exit code."""
    app()


app = typer.Typer(
    name="inkmill",
    cls=Verbs,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _way_on(verb: str | None) -> str:
    resumes = verb and any("--resume" in parameter.opts for parameter in load(verb).params)
    return (
        "the same command with --resume goes on from there"
        if resumes
        else "the same command goes on from there"
    )


def _leave(error: InkmillError) -> NoReturn:
    log.debug("Where it happened:", exc_info=True)
    typer.echo(f"inkmill: {error}", err=True)
    raise typer.Exit(error.exit_code) from None


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"inkmill {importlib.metadata.version('inkmill')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Say more.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Only warnings and errors.")] = False,
) -> None:
    """Mill web text into synthetic handwriting, and that into a recogniser of real handwriting."""
    del version  # its callback has seen to it
    handler = StderrHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s" if verbose else "%(message)s"))
    log.handlers[:] = [handler]
    log.setLevel(logging.DEBUG if verbose else logging.WARNING if quiet else logging.INFO)
    log.propagate = False
