"""Settings of the published site. `make site` builds it into build/site by tools/build_site.py, which stages the pages."""

import html
import os
import re
import sys
import textwrap
from gettext import NullTranslations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from docutils import nodes
from numpy.typing import ArrayLike
from sphinx.search.zh import SearchChinese
from sphinx.util.logging import getLogger
from sphinx.util.typing import stringify_annotation

import gan_tutorial
from gan_tutorial.export.formulas import mathml
from tools.build_site import other, pages

#: What this build speaks: the package reads the same variable.
LANGUAGE = os.environ.get("GAN_TUTORIAL_LANGUAGE") or "en"
OTHER = other(LANGUAGE)
WORDS = {
    "en": {
        "title": "Learn GANs by doing", "switch": "中文", "doors": {"Learn": "learn", "Teach": "teach", "Maintain": "maintain"},
        "doors_label": "Doors", "menu": "Menu", "contents": "Contents of this page", "theme": "Light, dark or automatic colours",
        "run": 'To run this notebook yourself, run <code>make lab</code> in <a href="{clone}">a clone of the course</a>, '
        "and open <code>{path}</code>.",
        "there": "Without installing anything:",
        "colab": "On Colab, first run {command} in a cell of its own, and restart the session.",
    },
    "zh": {
        "title": "动手学习 GAN", "switch": "English", "doors": {"学习": "learn", "教学": "teach", "维护": "maintain"},
        "doors_label": "入口", "menu": "菜单", "contents": "本页目录", "theme": "浅色、深色或自动配色",
        "run": '要运行本笔记本，请在<a href="{clone}">课程的克隆</a>中执行 <code>make lab</code>，然后打开 <code>{path}</code>。',
        "there": "不想安装，也可以用：",
        "colab": "在 Colab 上，请先在一个单独的单元格里运行 {command}，再重启会话。",
    },
}[LANGUAGE]  # fmt: skip
#: Where a fork on GitHub can be run, by name.
PLACES = {
    "Colab": "https://colab.research.google.com/github/{fork}/blob/main/{path}",
    "Binder": "https://mybinder.org/v2/gh/{fork}/main?labpath={path}",
    "Codespaces": "https://codespaces.new/{fork}",
}

project = "gan_tutorial"
language = {"en": "en", "zh": "zh_CN"}[LANGUAGE]
author = "the gan_tutorial authors"
copyright = f"2026, {author}"
version = release = gan_tutorial.__version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "myst_parser"]
html_theme = "furo"
html_title = WORDS["title"]
html_static_path = ["_static", "../gan_tutorial/widgets/static"]  # the programs of the widgets
html_css_files = ["style.css", "site.css"]
html_favicon = "_static/favicon.svg"
html_js_files = [("site.js", {"defer": "defer"})]
html_theme_options = {"announcement": "doors, see _templates/page.html", "top_of_page_buttons": []}
html_math_renderer = "mathml"
html_copy_source = html_show_sourcelink = False
html_use_index = LANGUAGE == "en"
html_context = {"repository": ""}  # tools/build_site.py says it
templates_path = ["_templates"]
exclude_patterns = ["_*"]
# A page that is not written yet. One that is missing in all lists is a warning.
suppress_warnings = ["toc.not_readable"]

# Names in single backticks become links where the name is known, and code elsewhere.
default_role = "py:obj"
add_module_names = False
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "no-value": True}
autodoc_typehints_format = "short"
napoleon_attr_annotations = False  # the signature has the types
myst_enable_extensions = ["amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
# Links that tools/build_site.py has resolved.
myst_url_schemes = {"http": None, "https": None, "mailto": None, "site": "{{path}}#{{fragment}}"}

ARRAY_LIKE = stringify_annotation(ArrayLike, "smart")
COLON = "\ue000"  # for private use: stands for a colon until Napoleon has passed
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
    text = re.sub(r"(`[^`\n]+`)(?=\w)", r"\1\\ ", "".join(parts))
    lines[:] = text.replace(COLON, ":").splitlines()


def hide_colon(app, what, name, member, options, lines):
    """Napoleon takes what stands before the first colon of a property's text for its type."""
    if what in {"attribute", "data", "property"} and lines:
        lines[0] = lines[0].replace(":", COLON)


def shorten_types(app, what, name, member, options, signature, returns):
    """Write ArrayLike as such, not as the union that it stands for, and a dataclass's new list or dict as "..."."""
    return signature and signature.replace(ARRAY_LIKE, "ArrayLike").replace("<factory>", "..."), returns


class PairsOfLetters(SearchChinese):
    """Finds Chinese text by pairs of neighbouring letters: no dictionary says where a word ends, and new terms are found too."""

    language_name = "English"  # of the stemmer, which Latin words need
    js_splitter_code = """
var splitQuery = (query) =>
  (query.match(/\\p{Script=Han}+|[\\p{Letter}\\p{Number}_]+/gu) ?? []).flatMap((run) =>
    /\\p{Script=Han}/u.test(run) && run.length > 2 ? Array.from({length: run.length - 1}, (_, i) => run.slice(i, i + 2)) : run);
"""

    def split(self, input):
        found = []
        for run in re.findall(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+", input):
            chinese = "\u3400" <= run[0] <= "\u9fff"
            found += [run[i : i + 2] for i in range(len(run) - 1)] if chinese else [run]
        return found


def write_formula(self, node):
    """A formula as MathML, which browsers draw themselves."""
    block, tex = isinstance(node, nodes.math_block), node.astext()
    formula = mathml(tex, "block" if block else "inline", "")
    if not formula:
        getLogger(__name__).warning("this formula cannot be written as MathML: %s", tex, location=node)
    self.body.append(f'<div class="math">{formula}</div>' if block else formula)
    raise nodes.SkipNode


def tell_templates(app, pagename, templatename, context, doctree):
    """What docs/_templates needs: words, the same page in the other language, and how to run a notebook."""
    there = pagename if pagename in pages(OTHER) or pagename == "search" else "index"
    up = "../" * (pagename.count("/") + 1)
    context["words"], context["other"] = (
        WORDS,
        {"language": {"en": "en", "zh": "zh-Hans"}[OTHER], "url": f"{up}{OTHER}/{there}.html"},
    )
    context["language"] = {"en": "en", "zh": "zh-Hans"}[LANGUAGE]
    tree = context["furo_navigation_tree"]
    context["furo_navigation_tree"] = tree.replace('role="heading"', 'role="heading" aria-level="2"')
    # A corner of a table, not a heading.
    body = context.get("body", "").replace('<th class="head"><p></p></th>', "<td></td>")
    context["body"] = f'<div lang="en">{body}</div>' if LANGUAGE == "zh" and pagename == "REFERENCES" else body
    first = re.sub(r"<[^>]+>|\s+", " ", next(iter(re.findall(r"<p>(.*?)</p>", body, re.DOTALL)), ""))
    context["description"] = textwrap.shorten(html.unescape(first), 155, placeholder="…")
    if (path := pages(LANGUAGE).get(pagename, "")).endswith(".ipynb"):
        fork = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+)", context["repository"])
        places = {name: url.format(fork=fork[1], path=path) for name, url in PLACES.items()} if fork else {}
        clone = "../index.html#" + {"en": "run-it-yourself", "zh": "run"}[LANGUAGE]
        context["run"] = {"how": WORDS["run"].format(path=path, clone=clone), "places": places}
        if fork:
            command = f"<code>!git clone {context['repository']} course &amp;&amp; pip install -e course</code>"
            context["run"]["colab"] = WORDS["colab"].format(command=command)


class ThemeInChinese(NullTranslations):
    """The theme's own words; Sphinx knows only some of them."""

    words = {
        "Skip to content": "跳到正文", "Back to top": "回到顶部", "On this page": "本页目录", "Home": "首页",
        "Next": "下一页", "Previous": "上一页",
    }  # fmt: skip

    def gettext(self, message):
        return self.words.get(message, message)


def setup(app):
    if LANGUAGE == "zh":
        app.translator.add_fallback(ThemeInChinese())
    app.add_search_language(PairsOfLetters)
    app.add_html_math_renderer("mathml", (write_formula, None), (write_formula, None))
    app.connect("html-page-context", tell_templates, priority=900)  # after the theme
    app.connect("autodoc-process-signature", shorten_types)
    app.connect("autodoc-skip-member", skip_what_the_front_page_has)
    app.connect("autodoc-process-docstring", hide_colon, priority=400)  # before Napoleon
    app.connect("autodoc-process-docstring", adapt_to_sphinx)
