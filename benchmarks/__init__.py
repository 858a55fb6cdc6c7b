"""Benchmarks: one module each, with a `main()` that prints its figures and gives 1 if a bar is missed."""
