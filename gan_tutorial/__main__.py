"""The command line: `python -m gan_tutorial`, or `gan-tutorial` when installed."""

import os

import click

from . import __version__
from .commands import COMMANDS


class _OneLineErrors(click.Group):
    """Turns the errors that bad input causes into one line, without a traceback."""

    def invoke(self, context):
        try:
            return super().invoke(context)
        except (ValueError, OSError, FloatingPointError) as error:
            raise click.ClickException(str(error).removeprefix("[Errno None] ")) from error


@click.group(
    cls=_OneLineErrors,
    context_settings={"help_option_names": ["-h", "--help"], "show_default": True, "max_content_width": 100},
)
@click.version_option(__version__)
def main():
    """Train GANs, draw from them, and look at the data and weights of the course.

    \b
    Examples:
      gan-tutorial sample cgan_fashion_mnist --label sneaker -n 64 --out sneakers.png
      gan-tutorial train --data fashion_mnist --steps 3000 --out runs/fashion
      gan-tutorial train --data my_photos/ --size 64 --steps 5000 --out runs/photos
    """


for _command in COMMANDS:
    main.add_command(_command)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main(prog_name="gan-tutorial")
