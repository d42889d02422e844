"""The command `doctor`."""

import json

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a list for scripts.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Check whether this machine is ready for the course, and say how to mend what is not.

    ✓ is well, · is good to know, ✗ has to be mended: then the exit code is 1.
    """
    from .checkup import FAULT, examine, report

    if not as_json:
        context.exit(bool(report()))
    found = [{"state": state, "text": line} for state, line in examine()]
    click.echo(json.dumps(found, indent=2))
    context.exit(any(each["state"] == FAULT for each in found))
