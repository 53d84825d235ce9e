"""The stage of the stories that every provider is put through, for those that only this one has."""

from tests.providers.simulated.conftest import receiver, stage

__all__ = ["receiver", "stage"]
