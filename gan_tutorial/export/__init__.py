"""Generators for elsewhere: TensorFlow's SavedModel, ONNX, and a web page of one file."""

from .export import FORMATS, export_model
from .page import explorer_page

__all__ = ["FORMATS", "explorer_page", "export_model"]
