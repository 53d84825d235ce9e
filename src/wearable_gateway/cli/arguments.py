"""The arguments that several commands take."""

from typing import Annotated
from uuid import UUID

import typer

DevId = Annotated[str, typer.Argument(help="The developer's dev-id.")]
DestinationId = Annotated[UUID, typer.Argument(help="From `destination list`.")]
Account = Annotated[str, typer.Argument(help="The account's name, as typed on the consent page.")]
