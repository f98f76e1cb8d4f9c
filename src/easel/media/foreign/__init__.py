"""What other programs wrote into a picture's file about how it was made, and what people wrote about it.

Nothing in here is trusted: every parser bounds what it takes (`bounds`), and what it cannot read counts as absent. It
all runs where the picture is decoded, within that process's limits. `reading.read` is the door.
"""
