"""Therapist Desktop: an offline, encrypted practice manager for psychotherapists."""

__version__ = "0.1.0"
