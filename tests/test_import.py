"""What the package shows: quick and silent imports, layers, public names with docstrings, types and examples."""

import ast
import graphlib
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import gan_tutorial
from gan_tutorial.translations import STRINGS
from tools.make_stubs import STUB, make_stub

PACKAGE = Path(gan_tutorial.__file__).parent
MODULES = ["gan_tutorial", *(m.name for m in pkgutil.walk_packages([str(PACKAGE)], "gan_tutorial.", onerror=print))]
SUBMODULES = [name for name in gan_tutorial.__all__ if inspect.ismodule(getattr(gan_tutorial, name))]
PUBLIC = [name for name in gan_tutorial.__all__ if name not in SUBMODULES]
#: Public names that are functions or classes.
CALLABLE = [name for name in PUBLIC if callable(getattr(gan_tutorial, name))]


def python(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done


def test_import_is_light():
    code = (
        "import sys, gan_tutorial; print(any(m in sys.modules for m in ('tensorflow', 'keras', 'numpy', 'matplotlib')))"
    )
    assert python(code).stdout.strip() == "False"


@pytest.mark.parametrize("first", ["losses", pytest.param("evaluation", marks=pytest.mark.slow)])
def test_tensorflow_starts_in_silence_whatever_is_imported_first(first):
    done = python(f"from gan_tutorial import {first}, build_generator, generate_images as generate\n"
                  "print(generate(build_generator(), 2, seed=0).shape)")  # fmt: skip
    assert done.stdout.strip() == "(2, 28, 28, 1)" and done.stderr == ""


# Imports run one way: each layer may use those before it. Late imports inside functions count too.
LAYERS = [
    ["quiet", "files"],
    ["data", "network", "noise", "plots", "presets", "translations"],
    ["losses", "models"],
    ["sampling"],
    ["training"],
    ["pretrained", "metrics"],
    ["evaluation", "diagnostics"],
    ["experiments", "pretrained.recipes", "pretrained.translators", "run_config", "runs"],
    ["widgets"],
    ["course", "export"],
    ["cli"],
    ["__main__"],
]
RANK = {name: level for level, names in enumerate(LAYERS) for name in names}


def is_for_types_only(node):
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def imported_by(name, types_too=True):
    """The modules of the package that a module imports, from whatever line."""
    spec = importlib.util.find_spec(name)
    room = name if spec.submodule_search_locations else name.rpartition(".")[0]
    nodes = [ast.parse(Path(spec.origin).read_text(encoding="utf-8"))]
    for node in nodes:
        if not (is_for_types_only(node) and not types_too):
            nodes += ast.iter_child_nodes(node)
        if isinstance(node, ast.ImportFrom) and node.level:
            base = importlib.util.resolve_name("." * node.level + (node.module or ""), room)
            for alias in node.names:
                yield f"{base}.{alias.name}" if f"{base}.{alias.name}" in MODULES else base


def rank_of(name):
    room = name.removeprefix("gan_tutorial.")
    return RANK[room] if room in RANK else RANK[room.split(".")[0]]


def test_imports_run_one_way():
    for name in MODULES[1:]:
        for other in set(imported_by(name)) - {"gan_tutorial"}:
            assert rank_of(other) <= rank_of(name), f"{name} imports {other}"


def test_no_modules_import_each_other():
    graph = {name: set(imported_by(name, types_too=False)) - {name} for name in MODULES[1:]}
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) >= len(graph)


def test_modules_stay_short():
    assert not [str(path) for path in PACKAGE.rglob("*.py") if len(path.read_text("utf-8").splitlines()) > 300]


def test_every_public_name_exists():
    with pytest.raises(AttributeError, match="gan_tutorial attribute discriminate"):
        gan_tutorial.discriminate  # noqa: B018
    for name in MODULES:
        module = importlib.import_module(name)
        assert all(hasattr(module, public) for public in getattr(module, "__all__", ()))


def test_public_names_are_few_and_public_in_their_module_too():
    assert 30 <= len(PUBLIC) <= 36
    stub = ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8"))
    imports = [node for node in stub.body if isinstance(node, ast.ImportFrom)]
    # `x as x` is how a stub says that a name is public.
    assert all(alias.asname == alias.name for node in imports for alias in node.names)
    assert {alias.name for node in imports for alias in node.names} == set(gan_tutorial.__all__)
    for node in (node for node in imports if node.module):
        module = importlib.import_module(f"gan_tutorial.{node.module}")
        for alias in node.names:
            assert alias.name in getattr(module, "__all__", [alias.name])
            assert getattr(module, alias.name) is getattr(gan_tutorial, alias.name)


def test_stub_of_the_training_functions_is_up_to_date():
    current = STUB.read_text(encoding="utf-8") == make_stub()
    assert current, "run python -m tools.make_stubs"


@pytest.mark.parametrize("name", CALLABLE)
def test_public_name_has_docstring_example_and_types(name):
    thing = getattr(gan_tutorial, name)
    assert inspect.getdoc(thing) and ">>>" in thing.__doc__
    functions = [thing]
    if inspect.isclass(thing):
        methods = {key: value for key, value in vars(thing).items() if not key.startswith("_")}
        functions += [getattr(m, "fget", getattr(m, "__func__", m)) for m in methods.values()]
    for function in filter(inspect.isroutine, functions):
        assert inspect.getdoc(function), function
        parameters = inspect.signature(function).parameters
        assert all(p.annotation is not p.empty for p in parameters.values() if p.name not in ("self", "cls")), function
        assert inspect.signature(function).return_annotation is not inspect.Signature.empty, function


def test_captions_stand_in_the_table():
    """No widget has a literal caption of its own."""
    source = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "widgets").glob("*.py"))
    assert 'description="' not in source and all(isinstance(text, str) for text in STRINGS.values())
