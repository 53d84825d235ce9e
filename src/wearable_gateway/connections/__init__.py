"""Connections and the grants they share: linking, tokens, deauthentication, revocation."""
