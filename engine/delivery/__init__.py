"""Letters of the outbox go out: claimed in batches, sent, sent again, at last put aside."""
