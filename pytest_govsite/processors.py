"""How many processors there are to work with."""
from functools import cache


@cache
def processors() -> int:
    """Those of the machine that this process may use: its affinity and the quota of its container counted, rounded up."""
    from loky import cpu_count  # 40 ms, which only whoever gathers need spend

    return cpu_count()
