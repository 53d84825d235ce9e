"""Who is next? Developers take turns, and the destinations of one developer take theirs.

There are two such rounds, each with its own slots: one for destinations that answer soon, a smaller one for those
that do not. So however many hang, those that answer find their slots free.
"""

from uuid import UUID

from wearable_gateway.deliveries.sending.line import Line


class Turns:
    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._developers: dict[str, dict[UUID, Line]] = {}
        self.in_flight = 0

    @property
    def has_slot(self) -> bool:
        return self.in_flight < self._slots

    def enter(self, line: Line) -> None:
        """To the end of the round; where it stands already it stays."""
        self._developers.setdefault(line.dev_id, {}).setdefault(line.destination_id, line)

    def leave(self, line: Line) -> None:
        lines = self._developers.get(line.dev_id)
        if lines is not None:
            lines.pop(line.destination_id, None)
            if not lines:
                del self._developers[line.dev_id]

    def pop(self) -> Line | None:
        """Whose turn it is, no longer in the round."""
        if not self._developers:
            return None
        dev_id = next(iter(self._developers))
        lines = self._developers.pop(dev_id)
        line = lines.pop(next(iter(lines)))
        if lines:
            self._developers[dev_id] = lines
        return line
