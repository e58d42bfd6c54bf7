"""What is true, without a browser. Whoever opens this room knows every record: none is left out of a backup."""

from . import (  # noqa: F401
    agreeing,
    articles,
    bulletins,
    departures,
    devices,
    distributions,
    events,
    founding,
    invitations,
    members,
    pictures,
    printings,
    rotation,
    sites,
    throttle,
    tickets,
)
