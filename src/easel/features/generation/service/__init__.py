"""What happens to generations: `states` is the machine, `submit` is people's part, `attempt` the workers'."""
