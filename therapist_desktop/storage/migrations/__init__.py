"""Steps from one schema to the next; loaded only when a practice is behind."""
