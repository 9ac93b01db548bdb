"""Full-text search: the indexes, and how they are asked."""
