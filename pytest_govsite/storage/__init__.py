"""What an inspection leaves on disk beside ledger and scorecards: stored once, bounded, thrown away in a fixed order."""
