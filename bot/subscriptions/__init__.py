"""Subscriptions: what arXiv announces is read, matched and announced."""
