"""Tasks of notebook 6."""
