"""What several commands understand alike."""

from pathlib import Path


def names_in(text):
    """Names from a text with commas; None for None."""
    return [name.strip() for name in text.split(",")] if text else None


def open_generator(source):
    from ..pretrained import list_pretrained, load_model, load_pretrained

    if Path(source).is_dir():
        model, card = load_model(Path(source) / "generator")
    elif Path(source).with_suffix(".npz").is_file():
        model, card = load_model(Path(source).with_suffix(""))
    elif source in list_pretrained():
        model, card = load_pretrained(source)
    else:
        raise ValueError(
            f"{source!r} is neither the folder of a run, nor a file of weights, nor a model that ships: {', '.join(list_pretrained())}"
        )
    if card["builder"] != "build_generator":
        raise ValueError(f"{source} is not a generator")
    return model, card
