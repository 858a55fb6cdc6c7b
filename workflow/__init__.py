"""Banjie's engine: matters as data, cases as events, periods as law; it knows no web and no Celery."""
