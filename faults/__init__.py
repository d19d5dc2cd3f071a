"""What goes wrong: healthy parts made worse."""
