"""The prompts and the choices that are offered in them, as files."""

from agents.prompts.choices import Choice, FileRoutes, load_intents, render_choices
from agents.prompts.loader import FilePrompts

__all__ = ["Choice", "FilePrompts", "FileRoutes", "load_intents", "render_choices"]
