/** Before the answer of the probe in its output: the app may write there too. */
export const probeMark = 'lockstep-probe:'

/**
 * Runs in the Python that has the server, with the words SERVER, TARGET and DIRECTORY. It says which versions are installed, loads the app as the server
 * would, and says which interface the app has, by the rule of Uvicorn's `--interface auto`. Of Gunicorn it also says which settings of
 * a file `gunicorn.conf.py` or of `GUNICORN_CMD_ARGS` differ from the defaults. It runs from Python 3.8 on.
 */
export const probeScript = `
import ast, importlib, importlib.util, inspect, json, os, sys, traceback
from importlib import metadata

try:
    # What the app leaves behind is found by this group, where the environment of a process can't be read.
    os.setsid()
except (AttributeError, OSError):
    pass
server, target, directory = sys.argv[1:4]
sys.argv = [server]
facts = {"python": "%d.%d.%d" % sys.version_info[:3], "versions": {}}


def answer(**more):
    facts.update(more)
    sys.stdout.flush()
    print()
    print("${probeMark}" + json.dumps(facts), flush=True)
    os._exit(0)


for package in ("gunicorn", "uvicorn", "uvicorn-worker", "httptools"):
    try:
        facts["versions"][package] = metadata.version(package)
    except metadata.PackageNotFoundError:
        pass
if importlib.util.find_spec(server) is None:
    answer(failure={"stage": "server", "text": "No module named '%s'" % server})

if server == "gunicorn":
    from gunicorn.app.base import Application

    class Settings(Application):
        def init(self, parser, options, args):
            pass

        def load(self):
            pass

    sys.argv = ["gunicorn", target]
    try:
        settings = Settings("%(prog)s").cfg.settings
        changed = {name: one.get() for name, one in settings.items() if one.get() != type(one)().get()}
        facts["settings"] = sorted(changed)
        if "worker_class" in changed:
            facts["workerClass"] = str(changed["worker_class"])
    except SystemExit:
        answer(failure={"stage": "settings", "text": "its configuration can't be read"})
    sys.argv = [server]
else:
    named = {name[8:].lower(): value for name, value in os.environ.items() if name.startswith("UVICORN_")}
    # What Lockstep sets too.
    if named.get("use_colors", "").lower() in ("0", "f", "false", "n", "no", "off"):
        del named["use_colors"]
    facts["settings"] = sorted(name for name, value in named.items() if value != "")

sys.path.insert(0, directory)
module_name, _, name = target.partition(":")
name = name or "application"
try:
    module = importlib.import_module(module_name)
except BaseException as error:
    missing = isinstance(error, ModuleNotFoundError) and error.name is not None
    if missing and (module_name + ".").startswith(error.name + "."):
        answer(failure={"stage": "module", "text": str(error)})
    tb = error.__traceback__
    while tb is not None and (tb.tb_frame.f_code.co_filename == "<string>" or "importlib" in tb.tb_frame.f_code.co_filename):
        tb = tb.tb_next
    text = "".join(traceback.format_exception(type(error), error, tb))
    answer(failure={"stage": "load", "text": text})

try:
    expression = ast.parse(name, mode="eval").body
    called = isinstance(expression, ast.Call)
    path = expression.func if called else expression
    names = []
    while isinstance(path, ast.Attribute):
        names.insert(0, path.attr)
        path = path.value
    if not isinstance(path, ast.Name):
        raise SyntaxError(name)
    names.insert(0, path.id)
except SyntaxError:
    answer(failure={"stage": "export", "text": "%s is not the name of an app" % name})
app = module
for one in names:
    try:
        app = getattr(app, one)
    except AttributeError as error:
        answer(failure={"stage": "export", "text": str(error)})
    except BaseException as error:
        answer(failure={"stage": "load", "text": "".join(traceback.format_exception_only(type(error), error))})
if called:
    try:
        args = [ast.literal_eval(one) for one in expression.args]
        app = app(*args, **{one.arg: ast.literal_eval(one.value) for one in expression.keywords})
    except BaseException as error:
        answer(failure={"stage": "load", "text": "".join(traceback.format_exception(type(error), error, error.__traceback__.tb_next))})
    facts["factory"] = ".".join(names)
    facts["factoryHasArguments"] = bool(expression.args or expression.keywords)
if not callable(app):
    answer(failure={"stage": "app", "text": "%s is of the type %s, and can't be called" % (target, type(app).__name__)})


def is_asgi():
    if inspect.isclass(app):
        return hasattr(app, "__await__")
    if inspect.isfunction(app) or inspect.ismethod(app):
        return inspect.iscoroutinefunction(app)
    return inspect.iscoroutinefunction(getattr(app, "__call__", None))


def is_asgi_2():
    try:
        return len(inspect.signature(app).parameters) == 1
    except (TypeError, ValueError):
        return False


answer(interface="asgi" if is_asgi() or is_asgi_2() else "wsgi")
`
