"""Markdown as HTML whose formulas need no script: MathML instead of TeX."""

from __future__ import annotations

import re

from jinja2 import pass_context
from jinja2.runtime import Context
from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_NAMED = r"<mi>(?:log|exp|sin|cos|tanh)</mi>"
_SPACE = '<mspace width="0.167em"/>'


class _Renderer(IPythonRenderer):
    """nbconvert's own, except for formulas, and for HTML in pieces."""

    def _html_embed_images(self, html: str) -> str:
        # nbconvert's own closes at once what only a later piece closes: a fold would be empty.
        return super()._html_embed_images(html) if "<img" in html else html

    def inline_math(self, body: str) -> str:
        return mathml(body, "inline", super().inline_math(body))

    def block_math(self, body: str) -> str:
        return mathml(body, "block", super().block_math(body))

    def latex_environment(self, name: str, body: str) -> str:
        return mathml(rf"\begin{{{name}}}{body}\end{{{name}}}", "block", super().latex_environment(name, body))


@pass_context
def markdown_to_html(context: Context, source: str) -> str:
    """The filter that nbconvert's templates call "markdown2html"."""
    path = context.get("resources", {}).get("metadata", {}).get("path", "")
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = _Renderer(escape=False, embed_images=True, path=path, attachments=attachments)
    return MarkdownWithMath(renderer).render(source)


def mathml(tex: str, display: str, unread: str) -> str:
    """A formula, "inline" or a "block", as MathML; `unread` if it cannot be written so."""
    try:
        formula = convert(tex, display=display)
    except Exception:  # what is no TeX can still be read as it is
        return unread
    # p log p, not plogp: browsers know the spaces around signs, but not those around names of functions.
    formula = re.sub(rf"(</(?:mi|mn|mrow|msub|msup|mfrac)>)(?={_NAMED})", rf"\1{_SPACE}", formula)
    formula = re.sub(rf"({_NAMED})(?=<(?!mo|mrow><mo|/))", rf"\1{_SPACE}", formula)
    # It leaves the backslash of a command that it does not know, and makes HTML of what is written as text.
    return unread if "\\" in formula or re.search(r"\\text\w*\{[^}]*[<&]", tex) else formula
