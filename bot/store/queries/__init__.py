"""Named queries, a file for each table or two."""
