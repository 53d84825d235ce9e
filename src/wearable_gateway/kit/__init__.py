"""Small things with no knowledge of the domain: ids, time, encryption, signatures, addresses."""
