"""The command line door: parse, call the engine or a query, render."""
