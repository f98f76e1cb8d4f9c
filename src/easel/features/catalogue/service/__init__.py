"""What happens with the catalogue: synchronising it, showing it, administering it."""
