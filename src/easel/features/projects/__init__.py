"""Projects: what pictures are made for. Their pictures are the library's, which ranks above."""
