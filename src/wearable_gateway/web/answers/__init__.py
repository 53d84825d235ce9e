"""What answers look like, by subject: the words for developers. Nothing is checked against them while serving."""
