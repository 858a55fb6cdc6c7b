"""The Celery door: a message only says look, the database says what is to be done."""
