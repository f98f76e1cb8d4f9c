"""Activity: the event stream to browsers and programs, and the audit log."""
