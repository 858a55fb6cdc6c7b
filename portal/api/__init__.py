"""The same public knowledge for programs, as JSON under /api/v1."""
