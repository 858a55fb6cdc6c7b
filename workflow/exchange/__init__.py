"""Other people's formats: rosters in, event logs out, foreign logs replayed."""
