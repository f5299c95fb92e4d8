"""What the leaders' column says of each leader."""
from pytest_govsite import Blame, Finding, Leaders, NotApplicable, Note, Undetermined, Unseen, check


@check("incomplete-leader")
def check_incomplete_leader(leaders: Leaders):
    """A leader's entry names no post, or says nothing of life and division of work.

    Counts        each leader once: no post beside the name, or neither life (简历) nor division of work (分工), on the list
                  and on the leader's own page alike.
    Excuses       no picture; a life without a division of work; a division of work without a life.
    Undetermined  a leader's own page that could not be opened, or that speaks by pictures; a page of the column that could
                  not be read; nobody who could be told on it.
    Source        国办秘函〔2019〕19号: 领导姓名、简历等信息缺失或不准确.
    """
    if leaders.closed:
        raise NotApplicable(f"网站已关停：{leaders.closed}")
    if not leaders.people:
        doubt = leaders.doubt
        raise Undetermined(doubt.says if doubt else "没有认出领导信息栏目中的领导", doubt.blame if doubt else Blame.PERSON)
    for leader in leaders.people:
        lacking, at = _lacking(leader), leader.url or leaders.url
        if lacking and leader.unread:
            yield Unseen(at, f"领导“{leader.name}”的信息：{leader.unread.says}", leader.unread.blame)
        elif lacking:
            yield Finding(at, leader.name, f"领导“{leader.name}”的信息不完整：没有{'，没有'.join(lacking)}")
    yield from (Note(says, leaders.url) for says in _hints(leaders.people))
    if leaders.doubt:
        yield Unseen(leaders.url, leaders.doubt.says, leaders.doubt.blame, several=True)


def _lacking(leader):
    lacking = [] if leader.post else ["职务"]
    return lacking if leader.resume or leader.duty else [*lacking, "简历和分工"]


def _hints(people):
    hints = {
        "没有照片": [one.name for one in people if not one.photo and not one.unread],
        "只有分工，没有简历": [one.name for one in people if one.duty and not one.resume],
        "只有简历，没有分工": [one.name for one in people if one.resume and not one.duty],
    }
    return [f"{words}：{'、'.join(names)}" for words, names in hints.items() if names]
