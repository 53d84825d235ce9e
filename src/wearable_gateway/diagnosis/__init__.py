"""What is known of one user, put together: why there is no data, what happened, when data came last."""
