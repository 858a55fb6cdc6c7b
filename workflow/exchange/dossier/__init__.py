"""Dossiers (案卷): a case as one file that proves itself without the database."""
