"""What a quota of places (进京指标) does not allow."""

from __future__ import annotations

from workflow.errors.conflicts import Conflict
from workflow.errors.missing import NotFound
from workflow.errors.rights import NotAuthorised


class QuotaExhausted(Conflict):
    """The quota {kind} of {organ} for {year} has {places} place(s): {reserved} reserved, {consumed} consumed, {left} left;
    the case needs {needed}. Wait for a place that is given back, or ask for a further allotment.
    """

    code = "quota_exhausted"


class QuotaInUse(Conflict):
    """The quota {kind} of {organ} for {year} cannot be lowered to {places}: {reserved} place(s) are reserved and {consumed}
    consumed, so {used} is the least.
    """

    code = "quota_in_use"


class AllotmentDiffers(Conflict):
    """The document {document} has been entered for the quota {kind} of {organ} for {year} already, with {places} place(s);
    a document is entered once.
    """

    code = "allotment_differs"


class UnknownQuota(NotFound):
    """There is no quota {name!r}; quotas are named by the matters that fall under them, or none was allotted yet."""

    code = "unknown_quota"


class NotQuotaKeeper(NotAuthorised):
    """{actor} holds no post of quota keeper today; entering allotments needs it."""

    code = "not_quota_keeper"
