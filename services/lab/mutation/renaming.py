"""Gives every vendor another name, in the records that all documents are written from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files

import yaml

from corpus.ledger import World
from corpus.ledger.records import Vendor
from services.lab.mutation.errors import NamesRunOut


def other_names(count: int) -> list[str]:
    """Return so many names, all different; raises ``NamesRunOut`` if there are fewer."""
    path = files("services.lab.mutation").joinpath("names.yml")
    words: dict[str, Sequence[str]] = yaml.safe_load(path.read_text("utf-8"))
    first, second = words["first"], words["second"]
    most = len(first) * len(second)
    if count > most:
        raise NamesRunOut(f"{count} vendors are to be renamed, but there are {most} other names")
    return [f"{first[n % len(first)]} {second[n % len(second)]}" for n in range(count)]


def renamed(world: World) -> World:
    """Return the same company with other names for its vendors; nothing else changes."""
    vendors = {
        vendor.id: _renamed(vendor, name)
        for vendor, name in zip(world.vendors, other_names(len(world.vendors)), strict=True)
    }
    before = {vendor.id: vendor for vendor in world.vendors}
    return replace(
        world,
        vendors=tuple(vendors.values()),
        agreements=tuple(
            replace(
                each,
                title=each.title.replace(
                    before[each.vendor_id].full_name, vendors[each.vendor_id].full_name
                ),
            )
            for each in world.agreements
        ),
    )


def _renamed(vendor: Vendor, name: str) -> Vendor:
    mailbox = vendor.email.partition("@")[0]
    domain = "".join(letter for letter in name.lower() if letter.isalnum())
    return replace(vendor, name=name, email=f"{mailbox}@{domain}.example")
