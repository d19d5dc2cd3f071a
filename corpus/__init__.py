"""What is true, what is written down, and how it is searched."""
