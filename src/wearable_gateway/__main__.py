"""`python -m wearable_gateway`, and the command of that name."""

import gc


def main() -> None:
    # What an import makes stays, and collecting amid it looks through all of it again and again: a sixth of a start.
    # `cli.context.everything_is_imported` ends it.
    gc.disable()
    from wearable_gateway import cli  # noqa: PLC0415

    cli.main()


if __name__ == "__main__":
    main()
