"""Rules that watch signals."""
