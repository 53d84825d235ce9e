"""Doubles at the edges: a customer's server, a running gateway with its simulated vendor."""
