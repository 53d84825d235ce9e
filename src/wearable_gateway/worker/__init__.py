"""What happens without a request: notices, releases, deliveries, tidying up."""
