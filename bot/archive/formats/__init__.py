"""What an archive is written as."""
