"""What providers tell by themselves: a nudge for the attempt that waits, and never a result."""
