"""Every word that a widget shows, in one table, ready to be translated."""

CAPTIONS = {
    "label": "label",
    "other_label": "other label",
    "morph_label": "morph label",
    "noise": "noise",
    "other_noise": "other noise",
    "morph_noise": "morph noise",
    "truncation": "truncation",
    "direction": "direction {number}",
    "attribute": "{name}",
    "randomize": "New noise",
    "reset": "Reset",
    "all_labels": "The same noise with every label:",
}
