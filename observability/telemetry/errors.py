"""What can go wrong when telemetry is set up; nothing goes wrong later on.

TelemetryError
└─ TelemetrySettingsError  a setting names something that does not exist or is not installed
"""


class TelemetryError(Exception):
    """Base of the package's errors."""


class TelemetrySettingsError(TelemetryError):
    """A setting cannot be followed; the message names its variable and what would do."""
