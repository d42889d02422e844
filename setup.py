"""What pyproject.toml cannot say: a built package brings data, weights and experiments along (see gan_tutorial/data/paths.py)."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithData(build_py):
    def run(self):
        super().run()
        # Installed in place, the package finds them in the clone.
        if not self.editable_mode:
            for part in ("fashion_mnist", "emoji", "weights", "experiments"):
                bundled = Path(self.build_lib, "gan_tutorial", "_bundled", part)
                shutil.rmtree(bundled, ignore_errors=True)
                shutil.copytree(Path("data", part), bundled)


setup(cmdclass={"build_py": BuildWithData})
