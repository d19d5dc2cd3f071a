"""Errors of the services.

ServicesError
├── SettingsError          a setting in the environment is wrong; names it and the remedy
├── PortInUseError         another process listens where a service should
├── NotBuiltError          something that is built by a command is not there yet
└── VirtualTimeError       code under virtual time tried to wait for the real world
"""

from __future__ import annotations


class ServicesError(Exception):
    """Base of the services' own errors; the text says what is wrong and the remedy."""


class SettingsError(ServicesError):
    """A setting in the environment is wrong."""


class PortInUseError(ServicesError):
    """Another process listens on the address that a service should have."""


class NotBuiltError(ServicesError):
    """Something that a command builds is not there yet."""


class VirtualTimeError(ServicesError):
    """Code under virtual time tried to wait for a thread, a socket or nothing at all."""
