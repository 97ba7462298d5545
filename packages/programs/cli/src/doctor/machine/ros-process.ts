import { basename } from 'node:path';

/** What decides how a ROS 2 program talks; nothing else of its environment is looked at. */
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

/** Libraries by which a program shows what it speaks, by the name of their file. */
const MIDDLEWARES = {
  'Fast DDS': /^libfast(?:rtps|dds)\.so/,
  'Cyclone DDS': /^libddsc\.so/,
  'RTI Connext DDS': /^libnddsc(?:ore)?\.so/,
  Zenoh: /^(?:librmw_zenoh_cpp|libzenohc)\.so/,
  iceoryx: /^libiceoryx_(?:posh|binding)/,
} as const;

export type Middleware = keyof typeof MIDDLEWARES;

/** A program of this user that speaks DDS or Zenoh, or runs under the settings of ROS 2. */
export interface RosProcess {
  readonly id: number;
  readonly name: string;
  readonly middlewares: readonly Middleware[];
  readonly variables: Readonly<Partial<Record<RosVariable, string>>>;
  /** Of the sockets that it holds. */
  readonly inodes: ReadonlySet<string>;
  /** Names of its files in `/dev/shm`. */
  readonly sharedMemory: readonly string[];
}

/** The texts of a process in `/proc`. */
export interface ProcessTexts {
  readonly id: number;
  readonly cmdline: string;
  readonly environ: string;
  readonly maps: string;
  /** What its file descriptors are links to. */
  readonly links: readonly string[];
}

/** `undefined` for a program that neither speaks any of it nor holds one of the sockets in question. */
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

/** A program gives itself its name, which may be as long as its arguments. */
const MAX_NAME = 64;

/** `talker`; of a program that is interpreted its script, with what it was told to do: `main.ts up`. */
function nameOf(cmdline: string): string {
  const [program = '', ...words] = cmdline.split('\0');
  if (!/^(?:python|node)/.test(basename(program))) return basename(program).slice(0, MAX_NAME);
  const [script = program, command = ''] = words.filter((word) => !word.startsWith('-'));
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
