"""Planted bugs (植入的错误): known one-line mistakes in the core, each of which some test must notice.

`python -m tests.mutations` (`make mutants`) plants them one after the other in a copy of the tree.
"""
