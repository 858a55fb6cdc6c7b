"""From the files in definitions/ to checked, hashed, immutable definitions of matters."""
