"""What is true, without a browser. Whoever opens this room knows every record: none is left out of a backup."""

from .actions import actions, escalation_plan, turnouts  # noqa: F401
from .network import agreeing, answers, matters, sharing, told  # noqa: F401
from .papers import approval, articles, bulletins, distributions, pictures, print_tickets, printings  # noqa: F401
from .people import contacts, conversations, follow_ups, forgetting, reading, units  # noqa: F401
from .people.imports import records  # noqa: F401
from .portability import leaving  # noqa: F401
from .site import (  # noqa: F401
    browser_keys,
    departures,
    devices,
    events,
    founding,
    invitations,
    members,
    refused_tries,
    register,
    sent_forms,
    site_keys,
    sites,
    throttle,
)
