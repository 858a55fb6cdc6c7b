"""How an installation is watched while it runs: logs, metrics and traces, the same in every process."""
