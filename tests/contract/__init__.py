"""Terra's own clients, told nothing but our address: the judges of whether we speak Terra's contract."""
