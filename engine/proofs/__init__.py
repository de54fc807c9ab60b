"""What proves that nothing was changed afterwards (niêm phong, mã gốc)."""
