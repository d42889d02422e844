"""Settings of the API reference: `make docs` builds it from the docstrings into build/docs."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from numpy.typing import ArrayLike
from sphinx.util.typing import stringify_annotation

import gan_tutorial

project = "gan_tutorial"
author = "the gan_tutorial authors"
copyright = f"2026, {author}"
version = release = gan_tutorial.__version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "myst_parser"]
html_theme = "furo"
html_title = f"gan_tutorial {release}"

# Names in single backticks become links where the name is known, and code elsewhere.
default_role = "py:obj"
add_module_names = False
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "no-value": True}
autodoc_typehints_format = "short"
napoleon_attr_annotations = False  # the signature has the types
myst_enable_extensions = ["deflist"]

ARRAY_LIKE = stringify_annotation(ArrayLike, "smart")
PUBLIC = {id(getattr(gan_tutorial, name)) for name in gan_tutorial.__all__}


def skip_what_the_front_page_has(app, what, name, member, skip, options):
    """Names of the short public surface are documented there, and not a second time in their module."""
    module = app.env.docname.rpartition("/")[2]
    elsewhere = what == "module" and module != "gan_tutorial" and id(member) in PUBLIC
    # Fields of a NamedTuple say only "alias for field number 0"; the class explains them.
    return skip or elsewhere or type(member).__name__ == "_tuplegetter" or None


def adapt_to_sphinx(app, what, name, member, options, lines):
    """Outside of code, |x| is an absolute value, not a substitution, and * is a product, not emphasis."""
    parts = re.split(r"(`[^`]*`|^ *>>> [\s\S]*?\n(?=\s*\n|\Z))", "\n".join(lines) + "\n", flags=re.MULTILINE)
    parts[::2] = [re.sub(r"(?<!\\)[|*]", r"\\\g<0>", text) for text in parts[::2]]
    # A plural, `Dataset`s, ends the link before its s.
    lines[:] = re.sub(r"(`[^`\n]+`)(?=\w)", r"\1\\ ", "".join(parts)).splitlines()


def shorten_types(app, what, name, member, options, signature, returns):
    """Write ArrayLike as such, not as the union that it stands for, and a dataclass's new list or dict as "..."."""
    return signature and signature.replace(ARRAY_LIKE, "ArrayLike").replace("<factory>", "..."), returns


def setup(app):
    app.connect("autodoc-process-signature", shorten_types)
    app.connect("autodoc-skip-member", skip_what_the_front_page_has)
    app.connect("autodoc-process-docstring", adapt_to_sphinx)
