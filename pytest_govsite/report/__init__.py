"""Floor 2: what the user sees. Reads rows and scorecards only."""
