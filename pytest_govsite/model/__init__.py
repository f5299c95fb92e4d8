"""Floor 0: the nouns. Frozen dataclasses, standard library only, no input or output."""
