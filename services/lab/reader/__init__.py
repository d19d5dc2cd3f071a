"""How the simulated reader learns its weights: on worlds of other seeds than the one it serves."""
