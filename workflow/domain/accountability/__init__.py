"""Accountability (问责): findings against posts, raised, heard, confirmed or cancelled, and what comes of them."""
