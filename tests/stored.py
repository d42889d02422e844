"""Notebooks as they are stored after a run, with the state of their widgets, made without a kernel."""

import nbformat
from ipywidgets import Widget

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


def store(path, *widgets, source="# Stored"):
    """Write a notebook that shows these widgets, one a cell, beneath a text."""
    cells = [nbformat.v4.new_markdown_cell(source)]
    for widget in widgets:
        data, metadata = widget._repr_mimebundle_()
        output = nbformat.v4.new_output("execute_result", data, metadata=metadata, execution_count=1)
        cells.append(nbformat.v4.new_code_cell("widget", execution_count=1, outputs=[output]))
    state = Widget.get_manager_state(widgets=widgets)
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"widgets": {STATE: state}}), path)
    return path
