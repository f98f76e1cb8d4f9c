"""Generation: from a request to pictures. One table, one state machine, one pipeline for every operation."""
