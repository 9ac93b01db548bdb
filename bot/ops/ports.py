"""Ports that cannot be listened on."""

from __future__ import annotations

import errno
import socket


def port_refused(key: str, port: int, error: OSError) -> str:
    """Why a server cannot listen on `port`, and what to do; `key` is where the port was set."""
    if error.errno == errno.EADDRINUSE:
        return f"{key}: port {port} is in use: choose another, or end what uses it"
    if error.errno == errno.EACCES:
        return f"{key}: port {port} is only for the system: choose one above 1023"
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"{key}: port {port}: this machine has no such address to listen on; see http.host"
    return f"{key}: port {port}: {error.strerror or error}"
