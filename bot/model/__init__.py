"""Plain data and its rules. Pure: no I/O, no clock, no Discord, no database."""
