"""Who is in a room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from .events import Member, MembersEvent
from .frames import Frame, bad_frame, integer_of, list_of, optional_text_of, text_of


def to_member(entry: Any) -> Member:
    if not isinstance(entry, dict):
        raise bad_frame("has a member that is no object")
    return Member(text_of(entry, "id"), optional_text_of(entry, "user"), entry.get("member"))


class MemberList:
    """The members of a room, by id in the order of joining: list plus news is the list (PROTOCOL.md)."""

    def __init__(self, entries: Iterable[Any]) -> None:
        self._members: dict[str, Member] = {}
        for entry in entries:
            member = to_member(entry)
            self._members[member.id] = member
        #: Somebody may be looking at `_members`: the next news makes a copy.
        self._is_shared = False

    def view(self) -> Mapping[str, Member]:
        """As it is now; what is returned does not change."""
        self._is_shared = True
        return MappingProxyType(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def apply(self, news: Frame) -> MembersEvent:
        """Those who left, then those who joined, then those who changed. Tells what is new of it."""
        left = [id_ for id_ in list_of(news, "left") if isinstance(id_, str) and id_ in self._members]
        joined = [to_member(entry) for entry in list_of(news, "joined")]
        changed = [to_member(entry) for entry in list_of(news, "changed")]
        if self._is_shared:
            self._members, self._is_shared = dict(self._members), False
        for id_ in left:
            self._members.pop(id_, None)
        newcomers = tuple(member for member in joined if member.id not in self._members)
        others = [member for member in joined if self._members.get(member.id, member) != member]
        for member in (*joined, *changed):
            self._members[member.id] = member
        return MembersEvent(newcomers, tuple(left), (*others, *changed), integer_of(news, "count"))


def difference(before: MemberList | None, after: MemberList | None, count: int) -> MembersEvent:
    """What has become of one list, as news. Where one of them is not known, only the count."""
    if before is None or after is None:
        return MembersEvent((), (), (), count)
    old, new = before.view(), after.view()
    return MembersEvent(
        tuple(member for id_, member in new.items() if id_ not in old),
        tuple(id_ for id_ in old if id_ not in new),
        tuple(member for id_, member in new.items() if id_ in old and old[id_] != member),
        count,
    )
