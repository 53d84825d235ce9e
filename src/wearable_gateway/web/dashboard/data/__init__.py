"""Tools > Debug > Data explorer: the stored health records of one connection, as a table, drawn, and one by one."""
