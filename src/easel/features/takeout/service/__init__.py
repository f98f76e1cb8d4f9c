"""What take-out does: export, import, purge, statistics."""
