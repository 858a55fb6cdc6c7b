"""What a person wishes of notifications: read, checked and kept. Addresses are those of the office, not private ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import TYPE_CHECKING, Any, Final

import msgspec

from workflow.domain.administration import may_administer
from workflow.domain.authority import Allowed
from workflow.domain.notification.times import Preference
from workflow.domain.notification.values import ALWAYS, MAIL_ADDRESS, Kind
from workflow.engine.administration import today
from workflow.errors import BadInput, UnknownPerson
from workflow.storage.codec import canonical
from workflow.texts import LANGUAGES

if TYPE_CHECKING:
    from workflow.engine.banjie import Banjie

_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def wishes(banjie: Banjie, person: str) -> Preference:
    """What a person wishes; nothing in particular, if he never said."""
    body = banjie.store.notifications.wishes(person)
    return preference(msgspec.json.decode(body)) if body is not None else Preference()


def keep_wishes(banjie: Banjie, person: str, wish: Preference, *, by: str) -> None:
    """Keep what a person wishes; he says it himself, or the system administrator for him.

    Raises UnknownPerson, NotAuthorised and its like, BadInput for a channel, language, kind or address that is none.
    """
    directory = banjie.directory()
    if person not in directory.persons:
        raise UnknownPerson(what="person", name=person)
    if by != person:
        right = may_administer(by, "system", directory, today(banjie))
        if not isinstance(right, Allowed):
            raise right.error
    _check(banjie, wish)
    banjie.store.notifications.keep_wishes(person, canonical(plain(wish)).decode(), by)


def plain(wish: Preference) -> dict[str, Any]:
    """A preference as plain data."""
    return {
        "language": wish.language,
        "channels": list(wish.channels),
        "addresses": dict(wish.addresses),
        "digest": clock(wish.digest),
        "quiet": [clock(end) for end in wish.quiet] if wish.quiet else None,
        "declined": sorted(wish.declined),
    }


def preference(data: Mapping[str, Any]) -> Preference:
    """The same the other way round."""
    quiet = data["quiet"]
    return Preference(
        language=data["language"],
        channels=tuple(data["channels"]),
        addresses=data["addresses"],
        digest=time_of_day(data["digest"]) if data["digest"] else None,
        quiet=(time_of_day(quiet[0]), time_of_day(quiet[1])) if quiet else None,
        declined=frozenset(data["declined"]),
    )


def time_of_day(text: str) -> time:
    """`HH:MM` as a time. Raises BadInput."""
    if not _TIME.fullmatch(text):
        raise BadInput(reason=f"{text!r:.20} is not a time of day like 08:30")
    return time.fromisoformat(text)


def clock(moment: time | None) -> str | None:
    """A time of day as `HH:MM`."""
    return moment.isoformat("minutes") if moment is not None else None


def _check(banjie: Banjie, wish: Preference) -> None:
    known = banjie.notifier.channels if banjie.notifier is not None else {}
    for name in (*wish.channels, *wish.addresses):
        if name not in known:
            raise BadInput(reason=f"there is no channel {name!r}; there are {', '.join(known) or 'none'}")
    if wish.language is not None and wish.language not in LANGUAGES:
        raise BadInput(reason=f"{wish.language!r} is none of {', '.join(LANGUAGES)}")
    declinable = sorted(kind.value for kind in Kind if kind not in ALWAYS)
    for kind in wish.declined:
        if kind not in declinable:
            raise BadInput(reason=f"{kind!r} cannot be declined; these can: {', '.join(declinable)}")
    for name, address in wish.addresses.items():
        if known[name].kind == "mail" and not MAIL_ADDRESS.fullmatch(address):
            raise BadInput(reason=f"the address by {name} is not a mail address")
