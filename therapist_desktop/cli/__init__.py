"""The command line: a therapist’s main job without the window."""
