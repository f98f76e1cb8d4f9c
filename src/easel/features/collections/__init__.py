"""Collections: pictures in an order of their own, each in as many as one likes, or whatever a filter matches."""
