"""What a calendar is made of (lịch làm việc): layers, editions, hours."""
