"""Administration: what the people who run a studio see and do across all accounts. It holds no tables of its own."""
