"""Reading one Markdown file of an archive."""
