"""Background work that someone waits for: one row a job, with its progress, shown at `/api/jobs/{id}`."""
