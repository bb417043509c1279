"""The arguments of an instance: checked in a user's words, all problems at once, and what they become.

``check`` is the engine's Check: it runs in preview, finds every problem at once, each under its own
property, and returns the inputs as they go into the state: defaults filled in, one spelling for each value,
region and project id resolved. Values that are not known yet (outputs of resources still to be made) pass. So does
what was written and has no value (`written`): nothing is checked of it, and create refuses it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..config import keys
from ..errors import InputError
from .catalogue import EXISTING, INSTANCE, defaults, own, required
from .checked import Checked
from .columns import Argument, Field
from .kinds import EDITION, RCU, Kind, kind_of
from .nested import SHARE
from .place import resolve_enterprise_project, resolve_place
from .rules import WINDOWS, Refusal, Rule, has_unknown
from .written import ABSENT, PREVIEW, WRITTEN, absent

if TYPE_CHECKING:
    from ..config.settings import Settings
    from ..config.sign_in import SignIn

IsUnknown = Callable[[Any], bool]
_SHARE = {field.name: field for field in SHARE}
_KINDS_DIFFER = "write rcu, or else edition or product_id: these are two kinds of instance"


def check(olds: Mapping[str, Any], news: Mapping[str, Any], sign_in: SignIn, is_unknown: IsUnknown) -> Checked:
    """Check the arguments ``news`` of an instance; ``olds`` are the inputs of the state, {} for a new one."""
    lost = absent(news)
    kind = RCU if "rcu" in lost else kind_of(news)
    checked = _begin(news, defaults(kind), lost)
    resolve_place(olds, checked, sign_in, is_unknown)
    resolve_enterprise_project(olds, checked, sign_in)
    _apply(checked, INSTANCE, [key for key in required(kind) if key not in lost], is_unknown)
    _refuse_other_kind(checked, kind)
    if kind is RCU:
        _check_rcu(checked, is_unknown)
    else:
        if not {"edition", "product_id"} & set(lost):
            _check_product(olds, checked, sign_in.settings, is_unknown)
        if not {"maintain_begin", "maintain_end"} & set(lost):
            _check_window(checked)
    _check_mqs(checked, kind, is_unknown)
    return _ended(checked, lost)


def check_existing(olds: Mapping[str, Any], news: Mapping[str, Any], sign_in: SignIn, is_unknown: IsUnknown) -> Checked:
    """As :func:`check`, for an instance that is only referred to."""
    lost = absent(news)
    checked = _begin(news, {}, lost)
    resolve_place(olds, checked, sign_in, is_unknown, "look for it there")
    _apply(checked, EXISTING, (), is_unknown)
    given = {"instance_id", "name"} & {*checked.inputs, *lost}
    if not given:
        checked.failures.append(("instance_id", "is missing; write the id of the instance to wait for, or its name"))
    elif len(given) == 2:
        checked.failures.append(("name", "write instance_id or name, not both; an id never comes to mean another"))
    return _ended(checked, lost)


def _begin(news: Mapping[str, Any], left_out: Mapping[str, Any], lost: Collection[str]) -> Checked:
    given = {key: value for key, value in news.items() if value is not None and key not in (WRITTEN, PREVIEW)}
    return Checked({key: value for key, value in {**left_out, **given}.items() if key not in lost})


def _ended(checked: Checked, lost: Collection[str]) -> Checked:
    if lost:
        checked.inputs[ABSENT] = list(lost)
    return checked


def _apply(checked: Checked, rows: Mapping[str, Argument], needed: Iterable[str], is_unknown: IsUnknown) -> None:
    inputs, failures = checked.inputs, checked.failures
    for key, value in list(inputs.items()):
        if key not in rows:
            known = ", ".join(sorted(rows))
            failures.append((key, f"an instance has no such argument; the arguments are: {known}"))
        elif not has_unknown(value, is_unknown):
            try:
                inputs[key] = rows[key].rule(value)
            except Refusal as error:
                failures.append((key, str(error)))
    for key in needed:
        if key not in inputs:
            failures.append((key, "is missing; every instance needs it"))


def _refuse_other_kind(checked: Checked, kind: Kind) -> None:
    """Refuse what the kind's endpoint does not take, each argument by its name."""
    other = EDITION if kind is RCU else RCU
    for key in sorted(own(other) & checked.inputs.keys()):
        if key in ("product_id", "edition"):
            checked.failures.append((key, _KINDS_DIFFER))
        else:
            reason = f"{kind.name} does not take it, only {other.name} does; leave it out"
            checked.failures.append((key, reason))


def _check_rcu(checked: Checked, is_unknown: IsUnknown) -> None:
    """``rcu``: total, distribution, or both; where both are known, the one is the sum of the other."""
    rcu = checked.inputs.get("rcu")
    if rcu is None or is_unknown(rcu):
        return
    fail = checked.failures.append
    if not isinstance(rcu, dict):
        fail(("rcu", f"write an object, such as {{'total': 5}}, not {rcu!r}"))
        return
    rcu = checked.inputs["rcu"] = {key: value for key, value in rcu.items() if value is not None}
    fields = _fields("rcu", RCU)
    for key in sorted(rcu.keys() - fields.keys()):
        fail((f"rcu.{key}", f"rcu has no such field; it has {', '.join(fields)}"))
    if not rcu:
        fail(("rcu", "write total, distribution, or both"))
    if "total" in rcu and not is_unknown(rcu["total"]):
        _apply_at(checked, rcu, "total", "rcu.total", fields["total"].rule)
    if rcu.get("distribution") is not None and not is_unknown(rcu["distribution"]):
        _check_distribution(checked, rcu, is_unknown)


def _check_distribution(checked: Checked, rcu: dict[str, Any], is_unknown: IsUnknown) -> None:
    shares, fail = rcu["distribution"], checked.failures.append
    if not isinstance(shares, list) or not shares:
        fail(("rcu.distribution", "write a list of at least one {'indicator': {'id': …}, 'value': …}, or leave it out"))
        return
    before = len(checked.failures)
    for number, share in enumerate(shares):
        _check_share(checked, share, f"rcu.distribution[{number}]", is_unknown)
    if len(checked.failures) > before:
        return
    known = [share for share in shares if not is_unknown(share)]
    ids = [share["indicator"]["id"] for share in known if not has_unknown(share["indicator"], is_unknown)]
    if len(set(ids)) < len(ids):
        fail(("rcu.distribution", "write each indicator once"))
    values = [share["value"] for share in known]
    told = len(known) == len(shares) and not has_unknown([*values, rcu.get("total")], is_unknown)
    if told and "total" in rcu and rcu["total"] != sum(values):
        fail(("rcu.total", "has to be the sum of the distribution's values; or leave it out"))


def _check_share(checked: Checked, share: Any, path: str, is_unknown: IsUnknown) -> None:
    """One entry of ``rcu.distribution``."""
    fail = checked.failures.append
    if is_unknown(share):
        return
    if not isinstance(share, dict) or share.keys() != _SHARE.keys():
        fail((path, "write {'indicator': {'id': …}, 'value': …}"))
        return
    if not is_unknown(share["value"]):
        _apply_at(checked, share, "value", f"{path}.value", _SHARE["value"].rule)
    indicator = share["indicator"]
    if not has_unknown(indicator, is_unknown):
        id_ = indicator.get("id") if isinstance(indicator, dict) and len(indicator) == 1 else None
        if not isinstance(id_, str) or not id_.strip() or id_ != id_.strip():
            fail((f"{path}.indicator", "write {'id': …} with the id of an RCU indicator"))


def _check_product(olds: Mapping[str, Any], checked: Checked, settings: Settings, is_unknown: IsUnknown) -> None:
    """product_id or edition, exactly one; an edition becomes its product id."""
    inputs, failures = checked.inputs, checked.failures
    try:
        table = settings.product_ids()
    except InputError as error:
        failures.append((error.key, error.reason))
        table = dict(keys.PRODUCT_IDS)
    edition, product = inputs.get("edition"), inputs.get("product_id")
    # With ignore_changes the engine brings back what check itself had written beside the other.
    ignored = bool(olds) and (edition == olds.get("edition") or product == olds.get("product_id"))
    if edition is not None and product is not None and not ignored:
        failures.append(("edition", "write edition or product_id, not both: the one implies the other"))
    if edition is None and product is None:
        ways = f"edition as one of {', '.join(table)}; or rcu for an RCU instance"
        failures.append(("product_id", f"is missing; write it, or {ways}"))
    if edition is None or product is not None or is_unknown(edition) or not isinstance(edition, str):
        return
    if edition in table:
        inputs["product_id"] = table[edition]
    elif edition.strip():
        failures.append(("edition", f"{edition!r} is not known; write one of {', '.join(table)}"))


def _check_window(checked: Checked) -> None:
    begin, end = checked.inputs.get("maintain_begin"), checked.inputs.get("maintain_end")
    if (begin is None) != (end is None):
        missing = "maintain_end" if end is None else "maintain_begin"
        checked.failures.append((missing, "write both maintain_begin and maintain_end, or neither"))
    elif isinstance(begin, str) and begin in WINDOWS and end in WINDOWS.values() and WINDOWS[begin] != end:
        checked.failures.append(("maintain_end", f"a window is 4 hours long; write {WINDOWS[begin]}"))


def _check_mqs(checked: Checked, kind: Kind, is_unknown: IsUnknown) -> None:
    mqs = checked.inputs.get("mqs")
    if mqs is None or is_unknown(mqs):
        return
    if not isinstance(mqs, dict):
        checked.failures.append(("mqs", f"write an object, such as {{'engine_version': '2.7'}}, not {mqs!r}"))
        return
    kept = {key: value for key, value in mqs.items() if value is not None}
    fields = _fields("mqs", kind)
    for key, value in kept.items():
        if key not in _fields("mqs"):
            checked.failures.append((f"mqs.{key}", f"mqs has no such field; it has {', '.join(fields)}"))
        elif key not in fields:
            reason = f"the mqs of {kind.name} does not take it; it takes {', '.join(fields)}"
            checked.failures.append((f"mqs.{key}", reason))
        elif not is_unknown(value):
            _apply_at(checked, kept, key, f"mqs.{key}", fields[key].rule)
    if kept.get("rocketmq_enable") is True and "engine_version" in kept:
        checked.failures.append(("mqs.engine_version", "is Kafka's; leave it out where rocketmq_enable is true"))
    checked.inputs["mqs"] = kept


def _fields(key: str, *kinds: Kind) -> dict[str, Field]:
    """The fields of a nested argument that the endpoints of all these kinds take."""
    return {field.name: field for field in INSTANCE[key].fields if set(kinds) <= set(field.kinds)}


def _apply_at(checked: Checked, where: dict[str, Any], key: str, path: str, rule: Rule) -> None:
    try:
        where[key] = rule(where[key])
    except Refusal as error:
        # Without the value: the engine does not show what is inside an argument either, since it may be a secret.
        checked.failures.append((path, error.advice))
