"""The REST API: one module for each part of Discord's reference."""
