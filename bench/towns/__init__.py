"""Invented county sites of nine makings whose search, links, labels, marks, logins and addresses have known faults."""
