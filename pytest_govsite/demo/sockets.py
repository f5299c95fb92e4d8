"""Sockets on 127.0.0.1 and ::1 with one port number for both."""
import errno
import socket

TRIES = 50
ADDRESSES = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


def pair(*kinds: socket.SocketKind) -> list[socket.socket]:
    """Bound sockets of each kind on both loopback addresses, all with the same port.

    A machine without IPv6 gets those of IPv4 alone. Raises OSError when no port is free on all.
    """
    for _ in range(TRIES):
        made: list[socket.socket] = []
        try:
            for family, address in ADDRESSES:
                made += _bound(family, address, kinds, made)
            return made
        except OSError as error:
            for sock in made:
                sock.close()
            if error.errno != errno.EADDRINUSE:
                raise
    raise OSError(errno.EADDRINUSE, "no port is free on 127.0.0.1 and ::1 alike")


def port_of(sockets: list[socket.socket]) -> int:
    """The port they share."""
    return sockets[0].getsockname()[1]


def _bound(family: int, address: str, kinds: tuple, made: list[socket.socket]) -> list[socket.socket]:
    bound: list[socket.socket] = []
    for kind in kinds:
        known = (made + bound)[:1]
        try:
            bound.append(_bind(family, address, kind, port_of(known) if known else 0))
        except OSError as error:
            for sock in bound:
                sock.close()
            if family == socket.AF_INET6 and error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                return []
            raise
    return bound


def _bind(family: int, address: str, kind: socket.SocketKind, port: int) -> socket.socket:
    sock = socket.socket(family, kind)
    try:
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((address, port))
        sock.setblocking(False)
    except OSError:
        sock.close()
        raise
    return sock
