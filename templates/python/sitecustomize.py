"""Loaded by every Python below a guarded shell: sees the pytest runs that no text and no PATH shows.

A directory with this file alone stands first on PYTHONPATH. A Python that runs no pytest pays one look at its arguments. Should
anything be amiss here, the user's program comes first. Runs on Python 2.7 and 3.
"""

import os
import sys

_PREFIX = "@P@"
_TOKEN = _PREFIX + "_GUARD_DECISION"
# From the table of runners.
_MODULES = frozenset("@gate:python-modules@".split("|"))
_COMMANDS = frozenset("@gate:python-commands@".split("|"))
_COVERAGE = frozenset(["coverage", "coverage3"])
# Programs of Python that run another in their own process.
_TOOLS = _COVERAGE | frozenset(["pdb", "pdb3", "cProfile", "profile", "trace", "debugpy", "kernprof"])


def _arguments():
    """The arguments of this Python itself: its own options, and what it runs."""
    argv = getattr(sys, "orig_argv", None)
    if argv is not None:
        return list(argv)
    # Before 3.10. There is no /proc on macOS: the shims and the text see most of it there.
    with open("/proc/self/cmdline", "rb") as file:
        words = file.read().split(b"\0")[:-1]
    return [word if isinstance(word, str) else word.decode("utf-8", "surrogateescape") for word in words]


def _leads_to_runner(name, words):
    """Whether such a program may start a test runner with these arguments. Whoever is asked reads them well."""
    if name not in _TOOLS or (name in _COVERAGE and words[:1] != ["run"]):
        return False
    return any(word in _MODULES or os.path.basename(word) in _COMMANDS for word in words)


def _starts_runner(argv):
    """Whether these arguments start a test runner: by `-m`, by the path of its script, or below such a program."""
    at = 1
    while at < len(argv):
        word = argv[at]
        if not word.startswith("-") or word == "-":
            name = os.path.basename(word)
            return name in _COMMANDS or _leads_to_runner(name, argv[at + 1 :])
        if word == "--check-hash-based-pycs":
            at += 1
        elif not word.startswith("--"):
            for index, letter in enumerate(word):
                # These take the rest of their word as a value, or the next word: `-Werror::DeprecationWarning` is no -c.
                if letter in "WXQ":
                    at += word[index + 1 :] == ""
                    break
                # -m and -c end Python's own options, also in a cluster.
                if letter == "c":
                    return False
                if letter == "m":
                    attached = word[index + 1 :]
                    module = (attached or "".join(argv[at + 1 : at + 2])).replace(".__main__", "")
                    rest = argv[at + (1 if attached else 2) :]
                    return module in _MODULES or _leads_to_runner(module, rest)
        at += 1
    return False


def _decisions():
    """The directory of this user's decisions."""
    chosen = os.environ.get(_PREFIX + "_STATE_DIR")
    if chosen:
        return os.path.join(os.path.abspath(chosen), "decisions")
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(runtime) and os.path.isdir(runtime) and os.stat(runtime).st_uid == os.geteuid():
        return os.path.join(runtime, "test-governor", "decisions")
    cache = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(cache):
        cache = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(cache, "test-governor", "decisions")


def _is_decided():
    """Whether the command that this process belongs to was decided on. Adds the pid there, for its children to be known by."""
    token = os.environ.get(_TOKEN, "")
    if len(token) != 32 or not all(letter in "0123456789abcdef" for letter in token):
        return False
    path = os.path.join(_decisions(), token)
    if not os.path.isfile(path):
        return False
    try:
        with open(path, "a") as file:
            file.write("%d\n" % os.getpid())
    except (IOError, OSError):
        # A full or read-only disk costs the descent, not the command.
        return True
    return True


def _built(name):
    """A built file: of the checkout or package in which this file lies, else of the nearest installed one."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    own = os.path.join(root, "dist", name)
    while not os.path.isfile(own):
        own = os.path.join(root, "node_modules", "test-governor", "dist", name)
        if root == os.path.dirname(root):
            return own if os.path.isfile(own) else None
        root = os.path.dirname(root)
    return own


def _node():
    """The first node on PATH that is no shim of ours."""
    for directory in os.environ.get("PATH", os.defpath).split(os.pathsep):
        program = os.path.join(directory or ".", "node")
        is_ours = os.path.exists(os.path.join(directory or ".", ".test-governor-shims"))
        if not is_ours and os.path.isfile(program) and os.access(program, os.X_OK):
            return program
    return None


def _say_broken(what):
    """What is amiss with the guard itself is said once for all that runs below, in one sentence. The tests run."""
    if os.environ.get(_TOKEN) == "broken":
        return
    os.environ[_TOKEN] = "broken"
    sys.stderr.write(
        'test-governor: %s, so pytest runs without a check; "test-governor doctor" says more.\n' % what
    )


def _ask(argv):
    """Asks about the run; this process ends here with 126 when the answer is no."""
    import subprocess

    asker, node = _built("ask.cjs"), _node()
    if asker is None:
        return _say_broken("dist/ask.cjs is not there (npm run build makes it)")
    if node is None:
        return _say_broken("there is no node on PATH to ask with")
    # Without what the user wants of node: the question is not theirs, and must not leave a coverage file.
    environment = dict(os.environ, NODE_OPTIONS="", NODE_V8_COVERAGE="", NODE_EXTRA_CA_CERTS="")
    environment["TEST_GOVERNOR_ENV_PREFIX"] = _PREFIX
    with open(os.devnull) as nothing:
        asking = subprocess.Popen(
            [node, asker, "argv", "preload", str(os.getpid())] + argv,
            env=environment,
            stdin=nothing,
            stdout=subprocess.PIPE,
        )
        token = asking.communicate()[0].decode("ascii", "replace").strip()
    if asking.returncode == 126:
        os._exit(126)
    if asking.returncode == 3:
        if token:
            os.environ[_TOKEN] = token
    elif asking.returncode == 4:
        runner = _built("run-own.cjs")
        if runner is None:
            return _say_broken("dist/run-own.cjs is not there (npm run build makes it)")
        # It has an override: this process becomes the governed run, which starts the same command below it.
        os.execv(node, [node, runner, _PREFIX, "preload", str(os.getpid()), argv[0]] + argv)
    elif asking.returncode != 0:
        _say_broken("dist/ask.cjs failed with status %d" % asking.returncode)


def _guard():
    argv = _arguments()
    if _starts_runner(argv) and not _is_decided():
        _ask([sys.executable or argv[0]] + argv[1:])


def _load_next():
    """Loads the sitecustomize that this file stands before, as Python would have; ours goes from the path with it."""
    own = os.path.dirname(os.path.abspath(__file__))
    module = sys.modules.pop(__name__, None)
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != own]
    try:
        __import__(__name__)
    except ImportError:
        # One that is not there is the usual case; one that fails by itself is the user's to hear of.
        if getattr(sys.exc_info()[1], "name", __name__) != __name__:
            raise
    finally:
        if __name__ not in sys.modules and module is not None:
            sys.modules[__name__] = module


try:
    _guard()
except Exception:  # Whatever it is: the user's program comes first.
    _say_broken("its look at Python failed (%s)" % sys.exc_info()[0].__name__)
_load_next()
