"""What upkeep does."""
