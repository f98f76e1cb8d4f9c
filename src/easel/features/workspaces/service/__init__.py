"""What happens in workspaces: who acts where, teams, their members and invitations."""
