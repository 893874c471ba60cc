"""How long the work of a therapist takes, each as a ratio to the bare operation in the same run."""
