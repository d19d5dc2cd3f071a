"""One named number per request, each derived from spans only."""
