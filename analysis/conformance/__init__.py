"""Whether the cases of a foreign log go the ways that a procedure's diagram draws."""
