"""The public API: a FastAPI application in front of the workflow."""
