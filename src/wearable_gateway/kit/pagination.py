"""Pages: how many are there?"""


def page_count(total: int, per_page: int) -> int:
    """At least one, so that an empty list has a first page."""
    return max(1, -(-total // per_page))
