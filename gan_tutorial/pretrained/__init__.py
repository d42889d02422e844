"""Models that ship and models of your own: cards, weights, and (in `recipes`) how those that ship were made."""

from .. import quiet

quiet.import_tensorflow()

from .cards import ModelCard, load_card, versions
from .weights import list_pretrained, load_model, load_pretrained, save_model, weights_folder

__all__ = [
    "ModelCard", "list_pretrained", "load_card", "load_model", "load_pretrained", "save_model", "versions",
    "weights_folder",
]  # fmt: skip
