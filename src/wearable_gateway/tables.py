"""Every table there is: importing this fills the metadata, for migrations and for whoever wants the map.

Processes that serve do not import it: their statements are SQL (docs/adr/0002), and SQLAlchemy weighs ten megabytes.

developers   developers, developer_logos, api_keys, auth_tokens, request_counts, audit_entries
             · shared: provider_apps, admin_tokens, operators and their sessions
connections  connections, records · shared: grants, grant_upkeep, call_budgets
connect      flows, flow_states
events       destinations, events, deliveries
counts       hourly_counts, connection_counts · shared: count_marks
deliveries   attempts, recoveries · shared: bucket_leases, delivery_workers
ingestion    shared: notices
data_requests data_requests, data_request_windows, data_request_chunks, day_budgets
bulk         bulk_jobs, bulk_job_rows
"""

from wearable_gateway.bulk import tables as bulk
from wearable_gateway.connect import tables as connect
from wearable_gateway.connections import tables as connections
from wearable_gateway.counts import tables as counts
from wearable_gateway.data_requests import tables as data_requests
from wearable_gateway.db.base import metadata
from wearable_gateway.deliveries import tables as deliveries
from wearable_gateway.developers import tables as developers
from wearable_gateway.events import tables as events
from wearable_gateway.ingestion import tables as ingestion

__all__ = [
    "bulk",
    "connect",
    "connections",
    "counts",
    "data_requests",
    "deliveries",
    "developers",
    "events",
    "ingestion",
    "metadata",
]
