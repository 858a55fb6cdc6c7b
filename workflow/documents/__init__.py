"""What is handed out on paper: slips, notices and decisions."""
