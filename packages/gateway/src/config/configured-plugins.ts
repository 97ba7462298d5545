import { shortened } from '@medkit/contract';
import { nearestName, parseYamlBoolean } from '@medkit/documents';
import type { Assignment, Notice } from './assignment.ts';
import { absolutePath, type Folders } from './folders.ts';
import { optionGroup } from './option-group.ts';
import { isSharedLibrary, replacementOf, SHIPPED_PLUGINS } from './shipped-plugins.ts';

const PREFIX = 'plugins.';
const MAX_NAME_LENGTH = 256;
/** Maximum plugins: more than any installation has, and few enough to start one after the other. */
const MAX_PLUGINS = 64;

const DEFAULT_MEMORY_MB = 128;
const MEMORY_MB = { min: 32, max: 16_384 };
/** Options that configure how a plugin runs; all others are passed to the plugin. */
const RESERVED: ReadonlySet<string> = new Set(['path', 'isolate', 'memory_mb']);
const ISOLATED = new Map([
  ['process', true],
  ['none', false],
]);

/** How one plugin is found and run, and its options. */
export interface PluginSettings {
  readonly name: string;
  /**
   * A file or folder if it is absolute, otherwise the name of a package; absent for the package with the name of the
   * plugin.
   */
  readonly path?: string;
  /** Folder that is searched for packages first. */
  readonly folder: string;
  /** Whether the plugin runs in a separate process. */
  readonly isolated: boolean;
  /** Heap limit of that process. */
  readonly memoryMb: number;
  /** All other options of the plugin: texts, lists of texts and groups of them. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface PluginReading {
  readonly plugins: readonly PluginSettings[];
  readonly notices: readonly Notice[];
}

/** Returns whether a key belongs to a plugin. */
export function isPluginKey(key: string): boolean {
  return key.startsWith(PREFIX);
}

/**
 * Groups plugin settings by plugin. Of `assignments` with the same key, the last one applies; packages are searched in
 * `folder`. A plugin with invalid settings is skipped with a notice and never prevents the start.
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
    warn(notices, `${PREFIX}${name}: "plugins" does not list this plugin (${first?.origin}).${advice}`);
  }
  const plugins = accepted.map((name) => ({ ...settingsOf(name, byName.get(name) ?? [], notices), folder }));
  return { plugins: withoutLibraries(plugins, notices), notices };
}

/** Replaces shared libraries of ros2_medkit by medkit's plugins, with one notice. */
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
    warn(notices, `plugins: plugins of medkit are used instead of the shared libraries of ${replaced.join(', ')}`);
  }
  return used;
}

/** Makes the `path` of a plugin absolute, unless it is the name of a package: `@site/pump`, `pump`. */
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
      error(notices, `plugins: "${shortened(name)}" is ignored: a name must have 1 to 256 letters, digits, _ or -`);
    } else if (accepted.has(name)) warn(notices, `plugins: ${name} is listed twice and loaded once`);
    else if (accepted.size >= MAX_PLUGINS)
      error(notices, `plugins: ${name} is ignored: the maximum is ${MAX_PLUGINS} plugins`);
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
  const reserved = new Map<string, Assignment>();
  const options: Assignment[] = [];
  for (const assignment of assignments) {
    const key = assignment.key.slice(start);
    if (RESERVED.has(key)) reserved.set(key, assignment);
    else if (RESERVED.has(key.split('.', 1)[0] as string)) {
      warn(notices, `${assignment.key}: no such setting (${assignment.origin})`);
    } else options.push({ ...assignment, key });
  }
  const { group, problems } = optionGroup(options);
  for (const problem of problems) warn(notices, `${PREFIX}${name}.${problem}`);
  const path = reserved.get('path')?.value;
  return {
    name,
    ...(typeof path === 'string' && path !== '' && { path }),
    isolated: isolation(reserved.get('isolate'), notices),
    memoryMb: memory(reserved.get('memory_mb'), notices),
    options: group,
  };
}

/** Returns whether the plugin runs isolated. An unknown value means isolation: it is the safe choice. */
function isolation(assignment: Assignment | undefined, notices: Notice[]): boolean {
  if (!assignment || assignment.value === null) return false;
  const { key, value, origin } = assignment;
  const known = ISOLATED.get(String(value)) ?? parseYamlBoolean(String(value));
  if (known === undefined)
    warn(notices, `${key}: unknown value, "process" is used; the only other value is "none" (${origin})`);
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

function warn(notices: Notice[], text: string): void {
  notices.push({ level: 'warning', text });
}

function error(notices: Notice[], text: string): void {
  notices.push({ level: 'error', text });
}
