"""An office's own facts as an event log that any tool for process mining reads."""
