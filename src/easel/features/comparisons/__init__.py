"""A/B comparisons: two pictures that differ in one thing, judged without knowing which is which, and who wins."""
