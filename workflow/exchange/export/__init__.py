"""Event logs for process mining (XES, OCEL 2.0, CSV, CloudEvents): what happened, without anything personal in it."""
