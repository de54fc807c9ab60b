"""Around the counter (tiếp nhận): applicants, drafts, papers brought before."""
