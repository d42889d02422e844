"""Tasks of notebook 4."""
