"""Workspaces: what owns things. Everyone has a personal one; a team is a workspace with more members."""
