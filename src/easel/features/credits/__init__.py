"""Credits: the ledger, what things cost and who may still spend, and the records of use."""
