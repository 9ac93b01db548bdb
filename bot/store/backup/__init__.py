"""Everything out of a database, and back into one."""
