"""Registers: the office's codes and numbers, the book of dossiers, documents in and out."""
