"""Papers: found, listed, completed, searched."""
