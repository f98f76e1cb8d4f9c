"""Take-out: everything of one's own as one ZIP, and back again; and what is left when an account ends: nothing."""
