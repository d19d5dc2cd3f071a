"""Writes a bench's report as one page that needs nothing else."""

from observability.bench.page.page import bench_page

__all__ = ["bench_page"]
