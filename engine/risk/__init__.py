"""Risk (nguy cơ trễ): which open dossiers will be late, and from when on that is likely."""
