"""Tasks of notebook 7."""
