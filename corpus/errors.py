"""What can go wrong in the corpus package.

CorpusError
├── DefinitionError        something was described wrongly (a setting, a name, a metadata key)
│   └── UnknownCollectionError
├── EncoderError           the encoder's weights are missing or are not the ones expected
├── IndexFolderError       an index folder cannot be used
│   ├── IndexMissingError    nothing has been built there yet
│   ├── CorruptIndexError    it was built, and its files are damaged
│   └── ForeignIndexError    it holds something that this program did not write
├── SearchError            a search failed while running
└── IngestError            a file cannot become a document
    ├── MissingFileError
    ├── UnreadableFileError
    ├── UnsupportedFileError
    ├── MalformedFileError
    └── EmptyFileError

Every message names the thing it is about and what to do.
"""

from __future__ import annotations


class CorpusError(Exception):
    """The base of everything that the corpus package raises on purpose."""


class DefinitionError(CorpusError):
    """Something was described wrongly; running it again will not help."""


class UnknownCollectionError(DefinitionError):
    """There is no collection of this name."""


class EncoderError(CorpusError):
    """The encoder's weights are missing, or are not the ones expected."""


class IndexFolderError(CorpusError):
    """An index folder cannot be used."""


class IndexMissingError(IndexFolderError):
    """Nothing has been built at this place yet."""


class CorruptIndexError(IndexFolderError):
    """The index was built once, and its files are damaged or incomplete."""


class ForeignIndexError(IndexFolderError):
    """The folder holds something that is not an index of this program."""


class SearchError(CorpusError):
    """A search failed while it was running."""


class IngestError(CorpusError):
    """A file cannot become a document."""


class MissingFileError(IngestError):
    """There is no such file or folder."""


class UnreadableFileError(IngestError):
    """The file exists but may not or cannot be read."""


class UnsupportedFileError(IngestError):
    """The file is of a type that is not read, or binary under a text name."""


class MalformedFileError(IngestError):
    """The file claims a format that its content does not have."""


class EmptyFileError(IngestError):
    """The file holds no text."""
