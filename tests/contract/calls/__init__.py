"""Every call of Terra's clients, made once and judged by its answer."""
