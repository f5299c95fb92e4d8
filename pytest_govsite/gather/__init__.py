"""Floor 2: looking at websites. The only async room; everything that fails becomes a Missing, never an exception."""
