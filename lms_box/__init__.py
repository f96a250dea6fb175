"""A self-hosted course platform: one package, one process, one data directory."""

__version__ = "0.1.0"
