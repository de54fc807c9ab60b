"""The reminder ladder: who is told how, when a step's due time comes near or has passed."""
