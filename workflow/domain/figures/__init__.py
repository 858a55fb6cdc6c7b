"""Figures of accountability (效能统计): what a concluded case leaves behind, and what is reckoned from many of those."""
