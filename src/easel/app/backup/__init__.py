"""The whole studio in one file: `save` writes it, `bring_back` makes a studio of it, `archive` is its form."""
