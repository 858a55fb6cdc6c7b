"""The web door: one module for each audience, each a thin layer over commands and queries."""
