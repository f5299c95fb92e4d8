"""A whole results folder as one Allure 3 report: built from the ledger, complete, one file, silent on the network.

    judged.py        what there is to tell: rows, scorecards, subjects, editions
    telling.py       one row in words: message and description
    pictures.py      pictures, made smaller, within a budget
    results.py       compact Allure results in a temporary folder
    surroundings.py  the run as a whole
    program.py       the npm package `allure`: found and run
    config.py        what it is told: categories, charts, groups, history
    trend.py         the history that reports share, one point for each ledger
    front.py         the page that opens first
    rules.py         every rule of the editions, for the links of the results
    sealing.py       everything into one small file that calls nobody
    report.py        all of it, in order
"""
