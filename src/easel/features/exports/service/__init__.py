"""What exports do: what is in them is frozen, prepared, and streamed; in the end they are swept."""
