"""Generators for elsewhere: TensorFlow's SavedModel, ONNX, and a web page of one file; and notebooks as such pages."""

from .export import FORMATS, export_model
from .html import export_notebook
from .page import explorer_page

__all__ = ["FORMATS", "explorer_page", "export_model", "export_notebook"]
