import ast
import subprocess
import sys
from pathlib import Path

import pytest

import gan_tutorial
from gan_tutorial.captions import CAPTIONS

PACKAGE = Path(gan_tutorial.__file__).parent


def python(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done


def test_import_is_light():
    code = (
        "import sys, gan_tutorial; print(any(m in sys.modules for m in ('tensorflow', 'keras', 'numpy', 'matplotlib')))"
    )
    assert python(code).stdout.strip() == "False"


def test_tensorflow_starts_in_silence():
    done = python("import gan_tutorial as gt; print(gt.generate_images(gt.build_generator(), 2, seed=0).shape)")
    assert done.stdout.strip() == "(2, 28, 28, 1)" and done.stderr == ""


def test_every_public_name_exists():
    for name in gan_tutorial.__all__:
        assert getattr(gan_tutorial, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'discriminate'"):
        gan_tutorial.discriminate  # noqa: B018


# Imports run one way: each layer may use those before it.
LAYERS = [
    ["quiet", "files", "captions"],
    ["data", "losses", "runtime"],
    ["models"],
    ["training"],
    ["sampling"],
    ["variants", "clinic"],
    ["plots", "pretrained"],
    ["evaluation"],
    ["monitoring"],
    ["experiments", "recipes", "runs"],
    ["widgets"],
    ["commands"],
    ["__main__"],
]


def test_imports_run_one_way():
    rank = {name: level for level, names in enumerate(LAYERS) for name in names}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts == ("__init__",):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.level == len(parts):
                names = [node.module.split(".")[0]] if node.module else [alias.name for alias in node.names]
                for name in (n for n in names if n in rank and n != parts[0]):
                    assert rank[name] <= rank[parts[0]], f"{'/'.join(parts)} imports {name}"


def test_modules_stay_short():
    assert not [str(path) for path in PACKAGE.rglob("*.py") if len(path.read_text().splitlines()) > 320]


def test_captions_stand_in_the_table():
    """No widget has a literal caption of its own."""
    source = "".join(path.read_text() for path in (PACKAGE / "widgets").glob("*.py"))
    assert 'description="' not in source and all(isinstance(text, str) for text in CAPTIONS.values())
