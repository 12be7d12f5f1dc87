"""Plays a coding agent: starts a shell for each command the way the plan says, and reports how it ended.

Usage: agent.py PLAN.json. The plan's shape is the `Wire` type of plan.ts.
Prints one JSON array: for each command its exit status (128+n for a signal), its output, and whether
the marker file appeared, by which the workspace's test says that it ran. The marker is taken away
before the next command.
"""
import fcntl
import json
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import time

LIMIT_SECONDS = 60


def filtered(policy):
    """The environment that the agent hands to its shells."""
    env = dict(os.environ)
    if policy.get("keep") is not None:
        env = {name: value for name, value in env.items() if name in policy["keep"]}
    for pattern in policy.get("drop", []):
        env = {name: value for name, value in env.items() if not re.search(pattern, name)}
    env.update(policy.get("set", {}))
    for directory in policy.get("pathFirst", []):
        env["PATH"] = directory + ":" + env.get("PATH", "")
    if policy.get("pathFrom"):
        env["PATH"] = output_of(policy["pathFrom"], env).splitlines()[-1]
    if policy.get("mergeFrom"):
        text = output_of(policy["mergeFrom"], env)
        env.update(entry.split("=", 1) for entry in text.split("\0") if "=" in entry)
    for name in policy.get("unset", []):
        env.pop(name, None)
    return env


def output_of(argv, env):
    """What a program of the agent's own prints on stdout; its terminal, if it asks for one, is none."""
    done = subprocess.run(argv, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, start_new_session=True, check=False)
    return done.stdout.decode("utf-8", "replace")


def spawn(plan, argv, env, script):
    """Starts argv; gives its pid and the descriptor that its output comes from (and, at a terminal, input goes to)."""
    kind = plan["stdin"]
    if kind == "terminal":
        pid, master = pty.fork()
        if pid == 0:
            become(plan, argv, env)
        fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        return pid, master
    out_read, out_write = os.pipe()
    theirs = None
    if kind == "null":
        theirs = os.open(os.devnull, os.O_RDONLY)
    elif kind == "socket":
        # As node's child_process does for stdio 'pipe'; kept open, as an agent keeps it.
        ours, far = socket.socketpair()
        theirs = os.dup(far.fileno())
        far.close()
        spawn.kept = ours
    elif kind == "pipe":
        theirs, feed = os.pipe()
        os.write(feed, script.encode())
        os.close(feed)
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.dup2(theirs, 0)
        os.dup2(out_write, 1)
        os.dup2(out_write, 2)
        become(plan, argv, env)
    os.close(theirs)
    os.close(out_write)
    return pid, out_read


def become(plan, argv, env):
    """In the child: the extra descriptors, the directory, exec. Never returns."""
    try:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        for number, path in plan.get("descriptors", {}).items():
            flags = os.O_RDONLY if os.path.exists(path) else os.O_WRONLY | os.O_CREAT
            os.dup2(os.open(path, flags, 0o600), int(number))
        os.chdir(plan["cwd"])
        os.execvpe(argv[0], [plan.get("argv0") or argv[0]] + argv[1:], env)
    except OSError as error:
        os.write(2, ("agent: %s: %s\n" % (argv[0], error)).encode())
    os._exit(127)


class Reader:
    """Collects a descriptor's output and waits for what it must say."""

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.text = ""
        self.open = True

    def more(self, deadline):
        """Reads once; False when there is nothing more to come."""
        if not self.open:
            return False
        ready, _, _ = select.select([self.descriptor], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError("no answer in %d s; so far: %r" % (LIMIT_SECONDS, self.text[-2000:]))
        try:
            data = os.read(self.descriptor, 65536)
        except OSError:  # a terminal whose last process is gone answers EIO
            data = b""
        self.open = data != b""
        self.text += data.decode("utf-8", "replace")
        return self.open

    def until(self, pattern):
        """The match of `pattern`, or None when the output ended without it."""
        deadline = time.monotonic() + LIMIT_SECONDS
        while True:
            found = re.search(pattern, self.text)
            if found or not self.more(deadline):
                return found

    def rest(self):
        deadline = time.monotonic() + LIMIT_SECONDS
        while self.more(deadline):
            continue
        return self.text


def status_of(pid):
    _, raw = os.waitpid(pid, 0)
    return os.WEXITSTATUS(raw) if os.WIFEXITED(raw) else 128 + os.WTERMSIG(raw)


def took_marker(plan):
    try:
        os.remove(plan["marker"])
        return True
    except FileNotFoundError:
        return False


def one_shot(plan, env):
    """A new shell for every command."""
    for command in plan["commands"]:
        pid, descriptor = spawn(plan, command["argv"], env, command.get("script", ""))
        output = Reader(descriptor).rest()
        os.close(descriptor)
        status = status_of(pid)
        yield {"status": status, "output": output, "ran": took_marker(plan)}


def session(plan, env):
    """One shell at a terminal; the commands are typed into it one after another."""
    pid, master = spawn(plan, plan["argv"], env, "")
    reader = Reader(master)
    for line in plan["opening"]:
        os.write(master, line.encode() + b"\n")
    os.write(master, b'echo "<ope""ned>"\n')
    reader.until("<opened>")
    for number, command in enumerate(plan["commands"]):
        reader.text = ""
        # The echo of what is typed holds `$?`; only the shell's answer holds digits.
        os.write(master, command["line"].encode() + b"\n" + b"echo \"<%d:$?>\"\n" % number)
        found = reader.until("<%d:([0-9]+)>" % number)
        status = int(found.group(1)) if found else None
        yield {"status": status, "output": reader.text, "ran": took_marker(plan)}
    os.write(master, b"exit\n")
    reader.rest()
    os.close(master)
    status_of(pid)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        plan = json.load(file)
    env = filtered(plan["environment"])
    for argv in plan["before"]:
        subprocess.run(argv, env=env, cwd=plan["cwd"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, start_new_session=True, check=False)
    run = session if plan["kind"] == "session" else one_shot
    json.dump(list(run(plan, env)), sys.stdout)


main()
