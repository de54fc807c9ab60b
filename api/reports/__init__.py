"""Reports at the doors: made once, drawn as spreadsheet, CSV, PDF and JSON from the same value."""
