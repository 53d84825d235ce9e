"""One attempt of an end user to connect a wearable: from the link to the callback."""
