import { nearestName, switchIn } from '@medkit/documents';
import { isSharedLibrary, replacementOf, SHIPPED_PLUGINS } from '../plugins/shipped-plugins.ts';
import type { Assignment, Notice } from './assignment.ts';
import { absolutePath, type Folders } from './folders.ts';
import { optionGroup } from './option-group.ts';

const PREFIX = 'plugins.';
const MAX_NAME_LENGTH = 256;
/** More plugins than anybody has, and few enough to start one after the other. */
const MAX_PLUGINS = 64;

const DEFAULT_MEMORY_MB = 128;
const MEMORY_MB = { min: 32, max: 16_384 };
/** What is said of how a plugin is run; everything else is for the plugin itself. */
const RESERVED: ReadonlySet<string> = new Set(['path', 'isolate', 'memory_mb']);
const ISOLATED = new Map([
  ['process', true],
  ['none', false],
]);

/** How one plugin is found and run, and what it is set up with. */
export interface PluginSettings {
  readonly name: string;
  /** A file or folder where it is absolute, else the name of a package; absent: the package that is called like it. */
  readonly path?: string;
  /** Where packages are looked for first. */
  readonly folder: string;
  /** Whether it runs in a process of its own. */
  readonly isolated: boolean;
  /** Of such a process: the heap that it may use. */
  readonly memoryMb: number;
  /** Everything else that is set of it: texts, lists of texts and groups of them. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface PluginReading {
  readonly plugins: readonly PluginSettings[];
  readonly notices: readonly Notice[];
}

/** True for a key that is about one plugin, whatever it says of it. */
export function isPluginKey(key: string): boolean {
  return key.startsWith(PREFIX);
}

/**
 * Sorts what is set of plugins by the plugin. `assignments` are those whose keys are about one, a later one of a key counts;
 * packages are looked for in `folder`. A plugin that is not as it should be is left out with a line, and never keeps the
 * gateway from starting.
 */
export function readPluginSettings(
  names: readonly string[],
  assignments: readonly Assignment[],
  folder: string,
): PluginReading {
  const notices: Notice[] = [];
  const byName = Map.groupBy(assignments, ({ key }) => nameIn(key));
  const accepted = acceptedNames(names, notices);
  for (const [name, [first]] of byName) {
    if (accepted.includes(name)) continue;
    const nearest = nearestName(name, accepted);
    const advice = nearest === undefined ? '' : ` Did you mean ${PREFIX}${nearest}?`;
    warn(notices, `${PREFIX}${name}: "plugins" names no such plugin (${first?.origin}).${advice}`);
  }
  const plugins = accepted.map((name) => ({ ...settingsOf(name, byName.get(name) ?? [], notices), folder }));
  return { plugins: withoutLibraries(plugins, notices), notices };
}

/** Uses medkit's plugins instead of the shared libraries of ros2_medkit, and says so in one line. */
function withoutLibraries(plugins: readonly PluginSettings[], notices: Notice[]): readonly PluginSettings[] {
  const replaced: string[] = [];
  const used = plugins.map((plugin) => {
    const { path, ...rest } = plugin;
    if (path === undefined || !isSharedLibrary(path)) return plugin;
    const ofName = SHIPPED_PLUGINS.get(rest.name);
    const shipped = ofName ?? replacementOf(path);
    if (shipped === undefined) return plugin;
    replaced.push(rest.name);
    return ofName === undefined ? { ...rest, path: shipped } : rest;
  });
  if (replaced.length > 0) {
    warn(notices, `plugins: medkit's own are used instead of the shared libraries of ${replaced.join(', ')}`);
  }
  return used;
}

/** `path` of a plugin as an absolute path, unless it is the name of a package: `@site/pump`, `pump`. */
export function pluginPath(assignment: Assignment, folders: Folders): Assignment {
  const { key, value } = assignment;
  const isPath = key.startsWith(PREFIX) && key.endsWith('.path') && key.split('.').length === 3;
  if (!isPath || typeof value !== 'string' || value === '' || isPackageName(value)) return assignment;
  return { ...assignment, value: absolutePath(value, folders) };
}

function isPackageName(text: string): boolean {
  return /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*$/.test(text) && !/\.[cm]?[jt]s$/.test(text) && text !== '~';
}

function nameIn(key: string): string {
  return key.slice(PREFIX.length).split('.', 1)[0] as string;
}

function acceptedNames(names: readonly string[], notices: Notice[]): readonly string[] {
  const accepted = new Set<string>();
  for (const name of names) {
    if (name.length > MAX_NAME_LENGTH || !/^[\w-]+$/.test(name)) {
      error(notices, `plugins: "${shortened(name)}" is left out: a name has 1 to 256 letters, digits, _ or -`);
    } else if (accepted.has(name)) warn(notices, `plugins: ${name} is named twice and loaded once`);
    else if (accepted.size >= MAX_PLUGINS) error(notices, `plugins: ${name} is left out: ${MAX_PLUGINS} are the most`);
    else accepted.add(name);
  }
  return [...accepted];
}

function settingsOf(
  name: string,
  assignments: readonly Assignment[],
  notices: Notice[],
): Omit<PluginSettings, 'folder'> {
  const start = PREFIX.length + name.length + 1;
  const own = new Map<string, Assignment>();
  const options: Assignment[] = [];
  for (const assignment of assignments) {
    const key = assignment.key.slice(start);
    if (RESERVED.has(key)) own.set(key, assignment);
    else if (RESERVED.has(key.split('.', 1)[0] as string)) {
      warn(notices, `${assignment.key}: no such setting (${assignment.origin})`);
    } else options.push({ ...assignment, key });
  }
  const { group, problems } = optionGroup(options);
  for (const problem of problems) warn(notices, `${PREFIX}${name}.${problem}`);
  const path = own.get('path')?.value;
  return {
    name,
    ...(typeof path === 'string' && path !== '' && { path }),
    isolated: isolation(own.get('isolate'), notices),
    memoryMb: memory(own.get('memory_mb'), notices),
    options: group,
  };
}

/** A word that is none of those known asks for isolation all the same: to have too much of it harms nobody. */
function isolation(assignment: Assignment | undefined, notices: Notice[]): boolean {
  if (!assignment || assignment.value === null) return false;
  const { key, value, origin } = assignment;
  const known = ISOLATED.get(String(value)) ?? switchIn(String(value));
  if (known === undefined) warn(notices, `${key}: taken for "process", the only other value is "none" (${origin})`);
  return known ?? true;
}

function memory(assignment: Assignment | undefined, notices: Notice[]): number {
  if (!assignment) return DEFAULT_MEMORY_MB;
  const { key, value, origin } = assignment;
  const { min, max } = MEMORY_MB;
  const megabytes = /^\d{1,9}$/.test(String(value)) ? Number(value) : Number.NaN;
  const used = Number.isNaN(megabytes) ? DEFAULT_MEMORY_MB : Math.min(max, Math.max(min, megabytes));
  if (used !== megabytes) warn(notices, `${key}: ${used} is used; the range is ${min} to ${max} (${origin})`);
  return used;
}

function shortened(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}

function warn(notices: Notice[], text: string): void {
  notices.push({ level: 'warning', text });
}

function error(notices: Notice[], text: string): void {
  notices.push({ level: 'error', text });
}
