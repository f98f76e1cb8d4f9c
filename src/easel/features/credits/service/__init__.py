"""Money: `ledger` moves it, `grants` gives and ends it, `usage` records use, `limits` says who may still spend."""
