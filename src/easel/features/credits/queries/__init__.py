"""Reading: `ledger` what moved and what is left, `usage` what was made and what it took."""
