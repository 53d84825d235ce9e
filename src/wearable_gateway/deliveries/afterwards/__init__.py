"""What can be asked and done about deliveries later: the log, sending again, recovering, fetching, forgetting."""
