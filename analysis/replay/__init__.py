"""What if: the real arrivals of an office played again with its own times, people and routes."""
