"""What a simulated model can be asked to do, one ability a file."""
