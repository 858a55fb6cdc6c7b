"""The database: tables, codecs, repositories and the unit of work, on SQLite and PostgreSQL alike."""
