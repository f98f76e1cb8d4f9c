"""Connections: people's own keys to providers, sealed at rest."""
