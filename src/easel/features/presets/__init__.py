"""Presets: settings for pictures, kept under a name, and the ones that each member begins with."""
