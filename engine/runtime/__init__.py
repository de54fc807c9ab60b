"""The only room that knows SpiffWorkflow: diagrams in, opened and closed steps out."""
