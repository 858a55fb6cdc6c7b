"""The one write path: commands in, committed events out, and whoever must look at them told."""
