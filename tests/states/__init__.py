"""States that a released version left behind, and what is needed to meet them again."""
