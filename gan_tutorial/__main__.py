"""The command line: `python -m gan_tutorial`, or `gan-tutorial` when installed."""

from __future__ import annotations

import traceback
from typing import Any

import click

from . import __version__
from .cli import COMMANDS


class _Group(click.Group):
    """Commands of which Ctrl-C and expected errors end in one line, without a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            click.echo("\nStopped before it was done; the same command starts again.", err=True)
            context.exit(130)
        except BrokenPipeError:
            raise  # click ends quietly, as `| head` expects
        except (ValueError, OSError, FloatingPointError) as error:
            if context.params["debug"] or not _is_expected(error):
                raise
            # A mistake in the call ends with exit code 2, as click's own; what the system refuses, with 1.
            kind = click.UsageError if isinstance(error, ValueError) else click.ClickException
            raise kind(str(error).removeprefix("[Errno None] ")) from error


def _is_expected(error: Exception) -> bool:
    """Whether the system or this package said what is wrong; another library's ValueError is a bug of ours."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return isinstance(error, OSError) or frame.f_globals["__name__"].partition(".")[0] == __package__


_SETTINGS = {"help_option_names": ["-h", "--help"], "show_default": True, "max_content_width": 100}


@click.group(cls=_Group, commands=COMMANDS, context_settings=_SETTINGS)
@click.option("--debug", is_flag=True, envvar="GAN_TUTORIAL_DEBUG", show_envvar=True, help="Show errors in full.")
@click.version_option(__version__)
def main(debug: bool) -> None:
    """Train GANs, generate images, and look at the data and weights of the course.

    \b
    Examples:
      gan-tutorial sample cgan_fashion_mnist --label sneaker -n 64 --out sneakers.png
      gan-tutorial train --data fashion_mnist --steps 3000 --out runs/fashion
      gan-tutorial train --data my_photos/ --size 64 --steps 5000 --out runs/photos
    """


if __name__ == "__main__":
    main(prog_name="gan-tutorial")
