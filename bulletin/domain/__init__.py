"""What is true, without a browser. Whoever opens this room knows every record: none is left out of a backup."""

from bulletin.domain.inbox import letters  # noqa: F401
from bulletin.domain.network import sharing, told  # noqa: F401
from bulletin.domain.network.answering import agreeing, answers, matters  # noqa: F401
from bulletin.domain.site import departures, events, founding, inbox_keys, invitations, sent_forms, site_keys, sites  # noqa: F401
from bulletin.domain.site.accounts import browser_keys, devices, members, refused_tries, throttle  # noqa: F401
from bulletin.domain.site.governance import register  # noqa: F401

from .actions import actions, escalation_plan, turnouts  # noqa: F401
from .papers import approval, articles, bulletins, distributions, pictures, print_tickets, printings  # noqa: F401
from .people import contacts, conversations, follow_ups, forgetting, reading, units  # noqa: F401
from .people.imports import records  # noqa: F401
from .portability import leaving  # noqa: F401
