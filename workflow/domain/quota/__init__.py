"""Quotas of places (进京指标): so many for each organ and year, reserved when a case is reported up, consumed when it is
approved, given back when it comes to nothing, and never more than were allotted (docs/quota.md).
"""
