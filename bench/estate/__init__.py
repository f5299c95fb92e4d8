"""An estate of invented sites in the markup of six content systems, with known faults."""
