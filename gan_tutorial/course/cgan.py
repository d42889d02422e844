"""Tasks of notebook 3."""
