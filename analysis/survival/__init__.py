"""How long things take when those that are not over yet are counted too."""
