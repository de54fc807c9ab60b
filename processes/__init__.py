"""What a procedure is: its diagram, limits, components and rules. Pure: no database, no clock."""
