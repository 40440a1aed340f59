"""Runs a command that the kernel refuses io_uring to, for real.

    refuse.py setup ERROR COMMAND...    io_uring_setup(2) fails with this error (EPERM, ENOSYS, ENOMEM), by a seccomp
                                        filter such as those that containers have
    refuse.py enter ERROR COMMAND...    so does io_uring_enter(2): rings can be made, but not used
    refuse.py register ERROR COMMAND... so does io_uring_register(2)
    refuse.py locked BYTES COMMAND...   so much, or less, may be locked in memory (RLIMIT_MEMLOCK), without the privilege
                                        to lock more; ends with 77 if this kernel does not count rings as that

Linux only. Nothing of it outlives the command.
"""

import ctypes
import errno
import os
import resource
import struct
import sys

LIBC = ctypes.CDLL(None, use_errno=True)

# prctl(2), seccomp(2), capabilities(7)
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2
SECCOMP_RET_ALLOW = 0x7FFF0000
SECCOMP_RET_ERRNO = 0x00050000
CAP_IPC_LOCK = 14

# The same on all architectures that Java runs on.
CALLS = {"setup": 425, "enter": 426, "register": 427}
IORING_SETUP_CQSIZE = 1 << 3
# Of a lane.
SUBMISSIONS = 512
COMPLETIONS = 32_768
MOST_RINGS = 64

NOT_COUNTED = 77

# linux/bpf_common.h
LOAD_WORD = 0x20
JUMP_IF_EQUAL = 0x15
RETURN = 0x06


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def refuse_call(number: int, error: int) -> None:
    instructions = [
        (LOAD_WORD, 0, 0, 0),  # the number of the call
        (JUMP_IF_EQUAL, 0, 1, number),
        (RETURN, 0, 0, SECCOMP_RET_ERRNO | error),
        (RETURN, 0, 0, SECCOMP_RET_ALLOW),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *each) for each in instructions))
    program = Program(len(instructions), ctypes.addressof(code))
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program))


def prctl(what: int, *arguments: object) -> None:
    if LIBC.prctl(what, *arguments, *[0] * (4 - len(arguments))) != 0:
        sys.exit("prctl {}: {}".format(what, os.strerror(ctypes.get_errno())))


def limit_locked(most: int) -> None:
    # Who may not drop it does not have it either.
    LIBC.prctl(PR_CAPBSET_DROP, CAP_IPC_LOCK, 0, 0, 0)
    hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)[1]
    limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (limit, limit))


def counts_rings() -> bool:
    """In a process of its own, whose privileges are those of the command."""
    for _ in range(MOST_RINGS):
        # struct io_uring_params: entries, completions, flags, and what the kernel answers.
        params = ctypes.create_string_buffer(struct.pack("=III", 0, COMPLETIONS, IORING_SETUP_CQSIZE), 120)
        if LIBC.syscall(CALLS["setup"], SUBMISSIONS, params) < 0:
            return ctypes.get_errno() == errno.ENOMEM
    return False


def main() -> None:
    how, what, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    if how in CALLS:
        refuse_call(CALLS[how], getattr(errno, what))
    elif how == "locked":
        limit_locked(int(what))
        # What is executed from here on is without the privilege.
        command = [sys.executable, __file__, "if-counted", what, *command]
    elif not counts_rings():
        sys.exit(NOT_COUNTED)
    os.execvp(command[0], command)


main()
