"""The one shape of data: Terra's models, pure Pydantic."""
