"""What Easel does, a folder per feature, ranked; `app.features` lists them and import-linter holds the order."""
