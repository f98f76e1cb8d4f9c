"""What people do with comparisons: ask for pairs, judge them, look at what wins."""
