"""Changing the calendar (đổi lịch), and open dossiers that follow it."""
