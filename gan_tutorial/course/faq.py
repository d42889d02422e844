"""Tasks of notebook 5."""
