"""The operating system behind plain functions."""
