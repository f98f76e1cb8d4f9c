"""Accounts: people, their passwords, sessions and tokens. Which workspace someone acts in is `workspaces`' business."""
