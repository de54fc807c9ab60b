"""What the past says: durations, on-time rates, bottlenecks. Reads, never commands."""
