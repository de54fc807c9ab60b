"""The standard forms: drawn from the record by dated templates, numbered, kept as issued."""
