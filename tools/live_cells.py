"""Cells whose widgets a page can make live without a kernel, made in this process: nothing of the notebook is run.

For one cell, `living(cell.source)` is a function that makes its widget, or None. For a whole notebook:

    book = nbformat.read(path, 4)
    enliven(book)                        # outputs and state, as if the widgets had been saved with the notebook
    nbformat.write(book, other_path)     # then gan_tutorial.export.export_notebook(other_path, page) makes them live

Widgets take their words from GAN_TUTORIAL_LANGUAGE when gan_tutorial is imported: one process for each language.
"""

import ast
import functools
import re

import nbformat

STATE = "application/vnd.jupyter.widget-state+json"


def living(source: str):
    """A function that makes the widget which a cell shows, if a page can make it live: an explorer, or a question.

    An explorer's arguments must be literals, or a generator and its card that the same cell loads by their name.
    """
    import gan_tutorial as gt

    known = {"gt.explorer": gt.explorer, "gt.course.question": gt.course.question}
    try:
        call = getattr(ast.parse(source).body[-1], "value", None)
    except (SyntaxError, IndexError):  # a magic, or nothing
        return None
    if not isinstance(call, ast.Call) or (asked := ast.unparse(call.func)) not in known:
        return None
    given = [ast.unparse(argument) for argument in call.args]
    loaded = re.search(r'^(\w+), (\w+) = gt\.load_pretrained\(("\w+")\)$', source, re.MULTILINE)
    if loaded and given == [loaded[1], loaded[2]]:
        given = [loaded[3]]
    try:
        arguments = [ast.literal_eval(argument) for argument in given]
        options = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    except ValueError:
        return None
    return functools.partial(known[asked], *arguments, **options)


def enliven(book: nbformat.NotebookNode) -> None:
    """Give the cells that `living` knows a live output instead of their stored one, and the notebook the widgets' state."""
    from ipywidgets import Widget

    widgets = []
    for cell in book.cells:
        if cell.cell_type == "code" and (make := living(cell.source)):
            widgets.append(widget := make())
            data, metadata = widget._repr_mimebundle_()
            cell.outputs = [nbformat.v4.new_output("display_data", data, metadata=metadata)]
    if widgets:
        book.metadata["widgets"] = {STATE: Widget.get_manager_state(widgets=widgets)}
    for widget in widgets:
        widget.close()
