"""Hundreds of invented sites at once: who they are, who serves them, what inspecting them costs, and what disturbs it."""
