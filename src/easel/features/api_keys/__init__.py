"""API keys: what programs act with, in one workspace, with no more rights than their maker has there."""
