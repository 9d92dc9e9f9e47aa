import { noBackground, noWatch, restartsAtChange } from './common-answers.ts'
import { clash, type ForeignFlag, refused, same } from './foreign-flag.ts'

const appOutput =
  'The output of the app goes to the standard output and the standard error of Lockstep. Redirect it, or leave it to systemd.'
const service = 'A unit of systemd starts Lockstep at boot: docs/systemd.md.'
const restarts =
  'A worker that dies is replaced at once. If it soon dies again, the wait doubles from 100 ms to 30 s. No option changes that.'
const monitoring =
  'Lockstep does not measure inside the app. `--import ./instrument.mjs` loads a tool that does.'
const sourceMaps = 'Set `NODE_OPTIONS=--enable-source-maps`: docs/debugging.md.'
const container = 'Lockstep makes no image. docs/docker.md has a Dockerfile.'

/** `pm2 start`, its global options, and the keys of an ecosystem file. */
export const pm2Flags: readonly ForeignFlag[] = [
  refused(
    'script exec',
    'is the file of the app',
    'Name the app: `lockstep run app.js`, or the option `app`.',
  ),
  same('-n --name name', 'names the process'),
  refused(
    '-i --instances instances',
    'starts this many processes of the app',
    'Write `--workers {4}`, or `--workers auto` for one per CPU (`max` and `0` of PM2).',
    { value: /^(max|-?\d+)$/ },
  ),
  refused(
    'exec_mode',
    'is `cluster` or `fork`',
    'Leave it out: with more than one worker, or `--workers auto`, the backend is `cluster`. `--backend cluster` also supervises a single worker.',
  ),
  refused('--cwd cwd', 'runs the app in this folder', 'Write `--chdir ./app`.'),
  refused(
    'args',
    'passes arguments to the app',
    'Write them after `--`, or set the option `args` to a list of words.',
  ),
  refused(
    '--interpreter interpreter exec_interpreter',
    'runs the script with this program',
    'Node runs JavaScript and TypeScript by itself. For another program, write `lockstep exec -- PROGRAM ARGUMENTS`.',
  ),
  refused(
    '--node-args --interpreter-args node_args interpreterArgs interpreter_args',
    'passes flags to Node',
    'Set them in the variable `NODE_OPTIONS`: docs/debugging.md.',
  ),
  refused(
    '-x --execute-command execute_command',
    'starts a program that is not a Node script',
    'Write `lockstep exec -- PROGRAM ARGUMENTS`.',
  ),
  refused(
    '--env',
    'selects the variables `env_NAME` of the ecosystem file',
    'Write one environment file for each, and name it: `--dotenv production.env`.',
    { value: /^[^=]*$/ },
  ),
  refused('env', 'sets variables of the app', 'Write them into `.env`: docs/configuration.md.'),
  refused(
    'env_*',
    'sets variables of the app, selected by `--env`',
    'Write one environment file for each, and name it: `--dotenv production.env`.',
  ),
  refused(
    '-a --update-env',
    'passes the current environment to the restarted app',
    'The environment is read at the start. After a change, stop the server and start it again.',
  ),
  refused(
    '--filter-env filter_env',
    'withholds variables from the app',
    'Start Lockstep without them: `env -u NAME npx lockstep run app.js`.',
  ),
  refused('port', 'sets the variable PORT', 'Write `--port {8080}`. The app need not listen.'),
  refused(
    'increment_var',
    'sets a variable to another number in each process',
    'Each worker finds its number in `LOCKSTEP_WORKER`, from 1 on.',
  ),
  refused(
    'instance_var',
    'renames the variable NODE_APP_INSTANCE',
    'Each worker finds its number in `LOCKSTEP_WORKER`, from 1 on.',
  ),
  refused(
    '-o --output out_file out output out_log',
    'writes the standard output of the app to this file',
    appOutput,
  ),
  refused(
    '-e --error error_file error err err_file err_log',
    'writes the standard error of the app to this file',
    appOutput,
    { value: /^[^=]*[./][^=]*$/ },
  ),
  refused('-l --log log_file log', 'writes both outputs of the app to this file', appOutput),
  refused(
    '--merge-logs merge_logs combine_logs',
    'writes the output of all processes to one file',
    'Leave it out: the output of all workers is one stream.',
  ),
  refused(
    '--log-type log_type',
    'writes the log as JSON',
    'Write `--log-format json`. It is about the lines of Lockstep: those of the app stay as they are.',
  ),
  refused(
    '--log-date-format --time log_date_format time',
    'adds the time to each line',
    'Lines of Lockstep have it. Those of the app stay as they are; journald adds it.',
  ),
  refused(
    '--disable-logs disable_logs',
    'keeps no log files',
    'Leave it out: Lockstep keeps none of the app.',
  ),
  refused('-s --silent', 'hides the messages of PM2', 'Write `--log-level silent`.'),
  same('--pid pid pid_file', 'writes the process id to this file'),
  clash('-p', 'writes the process id to this file', 'Here `-p` is `--port`. Write `--pid-file`.', {
    value: /[^\d]/,
  }),
  refused(
    '--max-memory-restart max_memory_restart',
    'restarts a process that uses more memory',
    'Write `--max-memory {300M}`. The replacement is ready before the old worker stops.',
  ),
  refused(
    '-k --kill-timeout kill_timeout',
    'waits this many milliseconds before SIGKILL',
    'Write `--graceful-timeout {1600}ms`, with its unit. Without it, Lockstep waits 30 s.',
    { value: /^\d+$/ },
  ),
  refused('kill_retry_time', 'sets how often PM2 looks whether the process has ended', 'Leave it out.'),
  same('--shutdown-with-message shutdown_with_message', "sends the message 'shutdown' instead of a signal"),
  same(
    '--wait-ready wait_ready',
    "waits for process.send('ready')",
    'Without that message, the worker fails after `--boot-timeout`.',
  ),
  refused(
    '--listen-timeout listen_timeout',
    'waits this many milliseconds for the app, and then takes it for ready',
    'Write `--boot-timeout {3000}ms`. An app that is not ready by then has failed.',
  ),
  refused(
    '-f --force force',
    'starts a script that runs already',
    'Leave it out: start it again on another port, with another `--name`.',
  ),
  refused(
    '--parallel',
    'restarts this many processes at a time',
    'Write `--max-surge 2` when you start the server.',
  ),
  refused('--restart-delay restart_delay', 'waits before it restarts the app', restarts),
  refused(
    '--exp-backoff-restart-delay exp_backoff_restart_delay',
    'doubles the wait before each restart',
    restarts,
  ),
  refused(
    '--max-restarts max_restarts',
    'gives up after this many restarts',
    'Lockstep keeps trying. After five failures in a row `lockstep status` and the log say that the server is degraded.',
  ),
  refused('min_uptime', 'is the time after which a start counts as good', restarts),
  refused(
    '--no-autorestart autorestart',
    'leaves a process that has died dead',
    'A worker that dies is always replaced. `--backend single` has no workers: the server ends with its app.',
  ),
  refused(
    '--stop-exit-codes stop_exit_codes',
    'does not restart after these exit codes',
    'A worker that dies is always replaced. `--backend single` has no workers, and a unit of systemd decides (`RestartPreventExitStatus=`).',
  ),
  refused(
    '--no-autostart autostart',
    'adds the app without starting it',
    'There is no list of apps. Start it when you need it.',
  ),
  clash(
    '-c',
    'restarts the app at these times',
    'Here `-c` is `--config`. Run `lockstep reload` from cron, or replace each worker by age: `--max-lifetime 24h`.',
    { value: /\*/ },
  ),
  refused(
    '--cron --cron-restart cron_restart cron',
    'restarts the app at these times',
    'Run `lockstep reload` from cron, or replace each worker by age: `--max-lifetime 24h`.',
  ),
  refused('--watch watch', restartsAtChange, noWatch),
  refused('--ignore-watch ignore_watch', 'does not watch these files', noWatch),
  refused('--watch-delay watch_delay', 'waits before a restart after a change', noWatch),
  refused('watch_options', 'sets options of the file watcher', noWatch),
  refused('--ext', 'watches files with these endings', noWatch),
  refused('--no-daemon', 'runs PM2 in the foreground', `Leave it out. ${noBackground}`),
  refused('--uid uid', 'runs the app as this user', 'Write `--user www-data`, and start as root.'),
  clash(
    '-u --user',
    'names the user of the startup script',
    'Here it is the user that the app runs as. The unit of systemd names its user itself: docs/systemd.md.',
  ),
  same('user', 'runs the app as this user', 'Start as root.'),
  refused('--gid gid', 'runs the app as this group', 'Write `--group www-data`, and start as root.'),
  refused('username', 'records the user that started the process', 'Leave it out.'),
  refused('--namespace namespace', 'groups processes', 'Write `--name`: commands select a server by it.'),
  refused('name_prefix append_env_to_name', 'changes the name of the process', 'Write `--name`.'),
  refused('--source-map-support source_map_support', 'switches source maps on', sourceMaps),
  refused(
    '--disable-source-map-support disable_source_map_support',
    'switches source maps off',
    'Leave it out: source maps are off.',
  ),
  refused(
    '--no-treekill treekill',
    'kills only the main process',
    'A worker that must be killed ends with everything that it started.',
  ),
  refused(
    '--no-vizion vizion',
    'does not read the version control of the app',
    'Leave it out: Lockstep does not read it.',
  ),
  refused(
    '--no-pmx --no-automation pmx automation',
    'starts the app without the module of PM2',
    'Leave it out: Lockstep loads nothing into the app.',
  ),
  refused('--trace trace', 'traces transactions', monitoring),
  refused('--disable-trace disable_trace', 'traces no transactions', 'Leave it out.'),
  refused('--v8 v8', 'collects data of V8', monitoring),
  refused(
    '--event-loop-inspector event_loop_inspector',
    'inspects the event loop',
    '`lockstep stacks` shows what each worker does now.',
  ),
  refused('--deep-monitoring deep_monitoring', 'switches all monitoring on', monitoring),
  refused('io', 'sets values of the monitoring', monitoring),
  refused('--attach', 'shows the log after the command', 'Leave it out: Lockstep runs in the foreground.'),
  refused(
    '--only',
    'starts one app of the ecosystem file',
    'Each server has a command or a configuration file of its own: `--config shop.config.ts`.',
  ),
  refused(
    '--sort',
    'sorts the list of processes',
    '`lockstep ps --json` lists the servers for a program that sorts.',
  ),
  clash('-m', 'shows a short list', 'Here `-m` is `--umask`. `lockstep ps` shows one line per server.'),
  refused('--mini-list', 'shows a short list', '`lockstep ps` shows one line per server.'),
  clash(
    '-w',
    'writes the configuration to this folder',
    'Here `-w` is `--workers`. Write `lockstep.config.ts` yourself.',
  ),
  refused('--write write', 'writes the configuration to this folder', 'Write `lockstep.config.ts` yourself.'),
  refused('--no-color', 'shows no colours', 'Write `--no-color`, or set the variable `NO_COLOR=1`.'),
  refused('--hp', 'names the home folder of the startup script', service),
  refused('--wait-ip', 'starts after the network', 'A unit of systemd has `After=network-online.target`.'),
  refused('--service-name', 'names the service', service),
  refused('-v', 'shows the version', 'Write `-V` or `--version`.'),
  same('--version', 'shows the version'),
  same('-h --help', 'shows the help'),
  refused('--container --dist --image-name --node-version', 'starts the app in a container', container),
  refused('--fresh --dockerdaemon', 'is about the container', container),
  refused('--daemon', 'runs the container in the background', container),
  refused('install_url', 'installs the app from this address', 'Deploy the files first.'),
  refused(
    'post_update',
    'runs commands after an update',
    'Run them in your deployment, then `lockstep reload`.',
  ),
  refused('windowsHide', 'hides the window on Windows', 'Leave it out: workers open no window.'),
  refused('apps', 'lists the apps', 'A configuration file is for one server: docs/from-pm2.md.'),
  refused('deploy', 'deploys over SSH', 'Deploy with another program, then run `lockstep reload`.'),
]
