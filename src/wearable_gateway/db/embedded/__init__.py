"""A PostgreSQL of our own for one machine: started as a child, found again by command line tools."""

from wearable_gateway.db.embedded.cluster import Cluster
from wearable_gateway.db.embedded.errors import EmbeddedPostgresError
from wearable_gateway.db.embedded.running import DEFAULT_DATABASE, running_url

__all__ = ["DEFAULT_DATABASE", "Cluster", "EmbeddedPostgresError", "running_url"]
