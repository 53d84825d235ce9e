"""Developers (the tenants), their API keys and provider apps; operators and what they did."""
