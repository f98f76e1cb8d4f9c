"""Bringing pictures in: `taking` for a file that is here, `resumable` for one that comes in parts."""
