"""Proof that nothing was altered: the hash chain, its verifier, and dossiers for those who check."""
