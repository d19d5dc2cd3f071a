"""The company's ledger as a FastAPI application of lookups."""
