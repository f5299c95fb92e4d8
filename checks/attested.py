"""What only a person can decide."""
from pytest_govsite import Blame, Undetermined, check


@check("attested")
def check_attested():
    """A fault or merit that no machine can see waits for an inspector.

    Counts        nothing: performance contracts, quality of replies, commendations leave no trace on a page.
    Excuses       none.
    Undetermined  always, until a person has looked.
    """
    raise Undetermined("待检查人员核定", Blame.PERSON)
