"""Digests: compiled, planned into the outbox, edited after they were posted."""
