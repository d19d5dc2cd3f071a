"""The families of questions, one module for each group; ``FAMILIES`` of each is collected."""
