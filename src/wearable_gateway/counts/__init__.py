"""Numbers that are kept because counting anew would take too long: by the hour what happened, and how many there are."""
