"""Activity: the event stream to browsers and programs."""
