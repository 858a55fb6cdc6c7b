"""Files that people hand in (申请材料): what they really are, what they may be called, and where their bytes lie.

Nothing here knows of cases, of the database or of HTTP. `intake` takes a stream in and judges it, `store` keeps it.
"""
