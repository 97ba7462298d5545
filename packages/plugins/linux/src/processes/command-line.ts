/** Programs that run another one: a node has the name of their script. */
const INTERPRETER = /^(?:python[\d.]*|node|ruby|perl|bash|sh|java)$/;
const SCRIPT_ENDING = /\.(?:py|[cm]?[jt]s|rb|pl|sh|jar)$/;

/** A path or name of a program, as opposed to a title set by the program or code passed to an interpreter. */
const PROGRAM = /^[\w.+@/-]+$/;

/** `__node:=talker`, `__ns:=/robot`, also for one of several nodes: `talker:__node:=talker_2` (rcl, remap rules). */
const RULE = /^(?:(?<of>[^:]+):)?__(?<what>node|name|ns):=(?<value>.+)$/;

/** Returns the arguments of `/proc/<pid>/cmdline`, each terminated by NUL. */
export function argumentsOf(cmdline: string): readonly string[] {
  return cmdline
    .replace(/\0+$/, '')
    .split('\0')
    .filter((argument, index) => argument !== '' || index === 0);
}

/** Returns a command line on one line, as shown by `ps`. */
export function formatCommandLine(cmdline: string): string {
  return cmdline.replaceAll('\0', ' ').trim();
}

/**
 * Returns the node names in a command line, in the order of its rules; empty if it has none. The namespace is that of
 * the same node, otherwise that of the whole process.
 */
export function nodesOf(args: readonly string[]): readonly string[] {
  const { names, namespaces } = rulesIn(args);
  return [...names].map(([of, name]) => fqnOf(namespaces.get(of) ?? namespaces.get(''), name));
}

/** Returns the likely node of a process without a node name: the program's name in the given namespace. */
export function likelyNodeOf(args: readonly string[]): string | undefined {
  const { names, namespaces } = rulesIn(args);
  const name = names.size === 0 ? programName(args) : undefined;
  return name && fqnOf(namespaces.get(''), name);
}

/**
 * Returns the name of the program, or of the script that an interpreter runs. Returns `undefined` for kernel threads
 * and for programs that replaced their name by a title.
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
  /** By node; `''` means all nodes of the process. */
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
    // rcl uses the first matching rule.
    if (!rules.has(of)) rules.set(of, value);
  }
  return { names, namespaces };
}

/** Returns the full name as in the graph. */
function fqnOf(namespace = '', name: string): string {
  return `/${namespace}/${name}`.replace(/\/+/g, '/');
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
