"""The reports an office owes: counted from the facts, checked when made, the same on every door."""
