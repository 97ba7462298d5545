/** Programs that run another one: the name of a node is that of their script. */
const INTERPRETER = /^(?:python[\d.]*|node|ruby|perl|bash|sh|java)$/;
const SCRIPT_ENDING = /\.(?:py|[cm]?[jt]s|rb|pl|sh|jar)$/;

/** A path or name of a program: no title that a program gave itself, and no code that an interpreter was given. */
const PROGRAM = /^[\w.+@/-]+$/;

/** `__node:=talker`, `__ns:=/robot`, also for one node of several: `talker:__node:=talker_2` (rcl, remap rules). */
const RULE = /^(?:(?<of>[^:]+):)?__(?<what>node|name|ns):=(?<value>.+)$/;

/** The arguments of `/proc/<pid>/cmdline`, which ends each with a NUL. */
export function argumentsOf(cmdline: string): readonly string[] {
  return cmdline
    .replace(/\0+$/, '')
    .split('\0')
    .filter((argument, index) => argument !== '' || index === 0);
}

/** A command line on one line, as `ps` shows it. */
export function shownCommandLine(cmdline: string): string {
  return cmdline.replaceAll('\0', ' ').trim();
}

/**
 * Names of the nodes that a command line gives, in the order of its rules; none where it gives no name. A namespace is that
 * of the same node, else that of the whole process.
 */
export function nodesOf(args: readonly string[]): readonly string[] {
  const { names, namespaces } = rulesIn(args);
  return [...names].map(([of, name]) => fqnOf(namespaces.get(of) ?? namespaces.get(''), name));
}

/** The node that a process without a given name most likely is: that of its program, in the namespace given. */
export function likelyNodeOf(args: readonly string[]): string | undefined {
  const { names, namespaces } = rulesIn(args);
  const name = names.size === 0 ? programName(args) : undefined;
  return name && fqnOf(namespaces.get(''), name);
}

/**
 * Name of the program, or of the script that an interpreter runs; `undefined` for a thread of the kernel, and where the
 * program has put a title in place of its name.
 */
export function programName(args: readonly string[]): string | undefined {
  const [program = '', ...rest] = args;
  if (!PROGRAM.test(program)) return undefined;
  const name = baseName(program);
  if (!INTERPRETER.test(name)) return name || undefined;
  const script = rest.find((argument) => !argument.startsWith('-'));
  return (script && PROGRAM.test(script) && baseName(script).replace(SCRIPT_ENDING, '')) || name;
}

interface Rules {
  /** By the node that they are for; `''` for all of the process. */
  readonly names: ReadonlyMap<string, string>;
  readonly namespaces: ReadonlyMap<string, string>;
}

function rulesIn(args: readonly string[]): Rules {
  const names = new Map<string, string>();
  const namespaces = new Map<string, string>();
  for (const argument of args) {
    const { of = '', what, value } = RULE.exec(argument)?.groups ?? {};
    if (value === undefined) continue;
    const rules = what === 'ns' ? namespaces : names;
    // rcl takes the first rule that fits.
    if (!rules.has(of)) rules.set(of, value);
  }
  return { names, namespaces };
}

/** Namespace and name as the graph has them. */
function fqnOf(namespace = '', name: string): string {
  return `/${namespace}/${name}`.replace(/\/+/g, '/');
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
