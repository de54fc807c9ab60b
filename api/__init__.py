"""The doors: JSON over HTTP, pages, command line. All three call the same functions."""
