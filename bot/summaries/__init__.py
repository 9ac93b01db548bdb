"""Summaries and answers that a language model writes, where the host has one."""
