from .cards import ModelCard as ModelCard, load_card as load_card, versions as versions
from .storage import list_pretrained as list_pretrained, weights_folder as weights_folder
from .weights import load_model as load_model, load_pretrained as load_pretrained, save_model as save_model
