import { basename } from 'node:path';

/** Variables that affect the communication of a ROS 2 program. Other variables are not read. */
const VARIABLES = [
  'ROS_DOMAIN_ID',
  'ROS_LOCALHOST_ONLY',
  'ROS_AUTOMATIC_DISCOVERY_RANGE',
  'ROS_DISCOVERY_SERVER',
  'ROS_SECURITY_ENABLE',
  'RMW_IMPLEMENTATION',
  'CYCLONEDDS_URI',
  'FASTRTPS_DEFAULT_PROFILES_FILE',
  'FASTDDS_DEFAULT_PROFILES_FILE',
] as const;

export type RosVariable = (typeof VARIABLES)[number];

/** File names of the libraries that reveal the middleware of a program. */
const MIDDLEWARES = {
  'Fast DDS': /^libfast(?:rtps|dds)\.so/,
  'Cyclone DDS': /^libddsc\.so/,
  'RTI Connext DDS': /^libnddsc(?:ore)?\.so/,
  Zenoh: /^(?:librmw_zenoh_cpp|libzenohc)\.so/,
  iceoryx: /^libiceoryx_(?:posh|binding)/,
} as const;

export type Middleware = keyof typeof MIDDLEWARES;

/** A program that uses DDS or Zenoh, or holds a DDS socket. */
export interface RosProcess {
  readonly id: number;
  readonly name: string;
  readonly middlewares: readonly Middleware[];
  readonly variables: Readonly<Partial<Record<RosVariable, string>>>;
  /** Inodes of its sockets. */
  readonly inodes: ReadonlySet<string>;
  /** Names of its files in `/dev/shm`. */
  readonly sharedMemory: readonly string[];
}

/** Contents of the files of a process in `/proc`. */
export interface ProcessTexts {
  readonly id: number;
  readonly cmdline: string;
  readonly environ: string;
  readonly maps: string;
  /** Link targets of its file descriptors. */
  readonly links: readonly string[];
}

/** Returns `undefined` for a program that uses none of these middlewares and holds none of these sockets. */
export function rosProcess(texts: ProcessTexts, ddsInodes: ReadonlySet<string>): RosProcess | undefined {
  const inodes = new Set(texts.links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  const files = [...new Set(texts.maps.match(/\/\S+$/gm))];
  const middlewares = (Object.keys(MIDDLEWARES) as Middleware[]).filter((name) =>
    files.some((file) => MIDDLEWARES[name].test(basename(file))),
  );
  if (middlewares.length === 0 && ![...inodes].some((inode) => ddsInodes.has(inode))) return undefined;
  return {
    id: texts.id,
    name: nameOf(texts.cmdline),
    middlewares,
    variables: variablesIn(texts.environ),
    inodes,
    sharedMemory: files.filter((file) => file.startsWith('/dev/shm/')).map((file) => basename(file)),
  };
}

/** Maximum length of a program name: a program can set its own command line. */
const MAX_NAME = 64;

/** Returns the program name, such as `talker`; for an interpreter the script and its first argument: `main.ts up`. */
function nameOf(cmdline: string): string {
  const [program = '', ...args] = cmdline.split('\0');
  if (!/^(?:python|node)/.test(basename(program))) return basename(program).slice(0, MAX_NAME);
  const [script = program, command = ''] = args.filter((word) => !word.startsWith('-'));
  return `${basename(script)} ${command}`.trim().slice(0, MAX_NAME);
}

function variablesIn(environ: string): RosProcess['variables'] {
  const wanted = new Set<string>(VARIABLES);
  const pairs = environ.split('\0').map((pair): [string, string] => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  return Object.fromEntries(pairs.filter(([name, value]) => wanted.has(name) && value !== ''));
}
