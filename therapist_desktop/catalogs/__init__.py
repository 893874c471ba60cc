"""Read-only reference data that ships with the program."""
