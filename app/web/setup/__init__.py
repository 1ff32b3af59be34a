"""Setting up: the first zone and its administrator, once."""
