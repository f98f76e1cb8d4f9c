"""How duplicates, and what a rule clears away, are found."""
