"""Tasks of notebook 2."""
