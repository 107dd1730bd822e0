"""Where the `fangzha` command begins."""

from bot.core.collecting import making_what_stays


def run() -> None:
    """Load the commands and run the one that is asked for."""
    with making_what_stays():
        from bot.cli import main
    main.run()
