"""What a therapist can do: one file a noun, one function a verb, one transaction a verb."""
