"""The company's books: records, a seeded generator, and SQLite."""

from corpus.ledger.errors import LedgerError, LedgerFileError, SettingsError, UnknownRecordError
from corpus.ledger.generator import generate
from corpus.ledger.jsonable import to_json
from corpus.ledger.ledger import MEASURES, Ledger
from corpus.ledger.world import TODAY, World, WorldSettings

__all__ = [
    "MEASURES",
    "TODAY",
    "Ledger",
    "LedgerError",
    "LedgerFileError",
    "SettingsError",
    "UnknownRecordError",
    "World",
    "WorldSettings",
    "generate",
    "to_json",
]
