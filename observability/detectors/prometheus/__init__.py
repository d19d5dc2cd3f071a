"""Prometheus rule files, as they stand, evaluated by Prometheus over a run's metrics."""
