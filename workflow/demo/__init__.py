"""The demonstration: filings from a seed, an office of persons who act by commands, time that moves in steps (ADR 0004)."""
