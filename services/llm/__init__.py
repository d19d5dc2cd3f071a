"""An OpenAI-compatible server whose models are simulated readers."""
