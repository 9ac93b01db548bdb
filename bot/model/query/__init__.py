"""Queries over papers: read, written out, matched."""
