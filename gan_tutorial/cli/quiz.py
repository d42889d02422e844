"""The command `quiz`."""

from __future__ import annotations

from pathlib import Path

import click

from .options import Output


@click.group()
def quiz() -> None:
    """Pool what learners knew before the course and after it.

    \b
    Examples:
      gan-tutorial quiz pool answers/
      gan-tutorial quiz pool answers/ --out pooled.csv
    """


@quiz.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=Output(dir_okay=False), help="CSV file for the answers of all pairs.")
def pool(folder: Path, out: Path | None) -> None:
    """Pool the files of answers in FOLDER, as `gt.course.quiz` writes them, and print what was learnt."""
    from ..course.quiz_pool import pool_quiz
    from ..course.quizzes import COLUMNS
    from ..files import write_csv

    result = pool_quiz(folder)
    click.echo("\n".join(result.lines()))
    if out is not None:
        write_csv(out, COLUMNS, result.rows)
        click.echo(f"Answers of all pairs: {out}")
