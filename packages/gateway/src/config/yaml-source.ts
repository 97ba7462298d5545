import {
  DocumentRefused,
  isAddressed,
  isAuthorKey,
  isWildcard,
  type Located,
  type LocatedEntry,
  type LocatedMap,
  type NodeParameters,
  nodeParameters,
  readYaml as readDocument,
} from '@medkit/documents';
import { FAULT_SETTINGS } from '@medkit/faults';
import { type Assignment, ConfigRefused, type Notice, type SourceReading } from './assignment.ts';
import { isPluginKey } from './configured-plugins.ts';
import { isHubKey } from './hub-list.ts';
import { isProviderGroupKey } from './oidc-groups.ts';
import { isReceiverKey, isReceiverName } from './receiver-keys.ts';
import { isRoleKey } from './role-settings.ts';
import { findSetting } from './settings.ts';

/** A configuration has some hundred lines; a larger file is something else. */
const MAX_TEXT_LENGTH = 262_144;
/** The deepest key has five segments. */
const MAX_DEPTH = 10;

/** Names of the gateway in a ROS parameter file. */
const GATEWAY = ['ros2_medkit_gateway', 'medkit_gateway', 'medkit'];
/** Parameters of the fault manager may be in the same file; the fault manager reads them itself. */
const FAULT_MANAGER = 'fault_manager';
/** Nodes of ros2_medkit that the gateway replaces: their parameters are the settings of the section with their name. */
const BRIDGES = ['diagnostic_bridge', 'log_bridge', 'action_status_bridge'];
/** The bridges of ros2_medkit have no such parameter: in a block for all nodes it belongs to another node. */
const NOT_OF_BRIDGES = 'enabled';
/** May also be a section with a code for each name, as in the bridge of ros2_medkit. */
const NAMED_CODES = 'diagnostic_bridge.name_to_code';

/**
 * Reads a configuration file: nested or dotted sections, or the form of ROS parameter files (`ros2_medkit_gateway:
 * ros__parameters: …`, below any namespace, other nodes beside it). Throws `ConfigRefused` with line numbers if it is
 * not YAML.
 */
export function readYaml(text: string, file: string): SourceReading {
  if (text.length > MAX_TEXT_LENGTH) throw new ConfigRefused([`${file} has more than ${MAX_TEXT_LENGTH} characters`]);
  const root = parseDocument(text, file);
  if (root.kind !== 'map') {
    if (root.kind === 'value' && root.value === null) return { assignments: [], notices: [] };
    throw new ConfigRefused([`${root.at}: expected sections such as "server:"`]);
  }
  const reading = new Reading();
  const { nodes, rest, malformed } = nodeParameters(root);
  for (const { node, at } of malformed) {
    if (isAddressed(node, GATEWAY)) throw new ConfigRefused([`${at}: ros__parameters must be a section`]);
  }
  for (const entry of rest) if (!isAuthorKey(entry.name)) reading.readEntry(entry, '', 1);
  for (const { node, at, parameters } of nodes) {
    if (isAddressed(node, GATEWAY)) reading.readNode({ node, at, parameters }, file);
    else if (isAddressed(node, [FAULT_MANAGER])) reading.faultManager(file, at);
    else if (isAddressed(node, BRIDGES)) reading.readBridge(parameters, node.slice(node.lastIndexOf('/') + 1));
    else reading.warn(`${at}: parameters of node ${node}, not of the gateway`);
  }
  return reading.result();
}

/** Returns whether a key belongs to a group: a plugin, a role, a receiver or a hub. */
const isGroupKey = (key: string): boolean =>
  isPluginKey(key) || isRoleKey(key) || isProviderGroupKey(key) || isReceiverKey(key) || isHubKey(key);

function parseDocument(text: string, file: string): Located {
  try {
    return readDocument(text, file);
  } catch (error) {
    if (error instanceof DocumentRefused) throw new ConfigRefused(error.lines);
    throw error;
  }
}

/** Collects assignments and notices while a file is read. */
class Reading {
  readonly #assignments = new Map<string, Assignment>();
  readonly #notices: Notice[] = [];

  warn(text: string): void {
    this.#notices.push({ level: 'warning', text });
  }

  result(): SourceReading {
    return { assignments: [...this.#assignments.values()], notices: this.#notices };
  }

  /** Records that the file has parameters of the fault manager. */
  faultManager(file: string, at: string): void {
    const key = 'fault_manager.config_file';
    if (this.#assignments.get(key)?.value !== file) this.#assign({ key, value: file, origin: at });
  }

  /** Reads the parameters of the gateway, or of all nodes. */
  readNode({ node, at, parameters }: NodeParameters, file: string): void {
    if (isWildcard(node)) this.#readForAll(node, parameters, file);
    else {
      this.#readSection(parameters, '', 1);
      this.#assignNode(node, at);
    }
  }

  readBridge(parameters: LocatedMap, bridge: string): void {
    this.#readSection(parameters, bridge, 2);
  }

  /**
   * Assigns each parameter for all nodes to the gateway, the fault manager and the bridges that have it; warns of the
   * rest.
   */
  #readForAll(node: string, parameters: LocatedMap, file: string): void {
    const all = new Reading();
    all.#readSection(parameters, '', 1, true);
    const { assignments, notices } = all.result();
    this.#notices.push(...notices);
    const unused: Assignment[] = [];
    for (const assignment of assignments) {
      const { key, origin } = assignment;
      const isOfGateway = findSetting(key) !== undefined || isGroupKey(key);
      const bridges = key === NOT_OF_BRIDGES ? [] : BRIDGES.map((name) => `${name}.${key}`).filter(isBridgeKey);
      if (isOfGateway) this.#assign(assignment);
      for (const setting of bridges) this.#assign({ ...assignment, key: setting });
      if (Object.hasOwn(FAULT_SETTINGS, key)) this.faultManager(file, origin);
      else if (!isOfGateway && bridges.length === 0) unused.push(assignment);
    }
    const [first] = unused;
    if (first === undefined) return;
    const keys = unused.map(({ key }) => key).join(', ');
    this.warn(`${first.origin}: ${keys}: set for ${node}, but neither the gateway nor a node that it replaces uses it`);
  }

  /** Sets `ros.node` to the node name of these parameters, unless the file sets it. */
  #assignNode(node: string, at: string): void {
    const key = 'ros.node';
    if (!node.includes('*') && !this.#assignments.has(key)) this.#assign({ key, value: node, origin: at });
  }

  /** @param keepsLists whether a list with an unknown key is retained: it may belong to another node */
  readEntry({ name, at, value }: LocatedEntry, prefix: string, depth: number, keepsLists = false): void {
    const key = prefix ? `${prefix}.${name}` : name;
    const known = findSetting(key) !== undefined;
    if (value.kind === 'map' && (!known || key === NAMED_CODES)) this.#readSection(value, key, depth + 1, keepsLists);
    else if (value.kind === 'map') throw new ConfigRefused([`${at}: ${key} must be a value, not a section`]);
    else if (value.kind === 'value') this.#assign({ key, value: textOf(value), origin: at });
    else if (key === 'plugins') this.#readPlugins(value.items, at);
    else if (key === 'notify.receivers') this.#readNamed(key, value.items);
    else if (key === 'hub') this.#readHubs(value.items);
    else {
      const items =
        known || isGroupKey(key) ? value.items : value.items.filter(({ kind }) => keepsLists && kind === 'value');
      this.#assign({ key, value: items.map((item) => textOf(item) ?? ''), origin: at });
    }
  }

  #readSection({ at, entries }: LocatedMap, prefix: string, depth: number, keepsLists = false): void {
    if (depth > MAX_DEPTH) throw new ConfigRefused([`${at}: more than ${MAX_DEPTH} levels of sections`]);
    for (const entry of entries) this.readEntry(entry, prefix, depth, keepsLists);
  }

  /** Reads sections that each have a name and the options of that name. */
  #readNamed(key: string, items: readonly Located[]): void {
    for (const item of items) {
      const named = item.kind === 'map' ? item.entries.find(({ name }) => name === 'name') : undefined;
      if (item.kind !== 'map' || !named)
        throw new ConfigRefused([`${item.at}: ${key}: expected a section with a name`]);
      const name = textOf(named.value) ?? '';
      if (!isReceiverName(name)) {
        throw new ConfigRefused([
          `${named.at}: ${key}: "${name}" is not a valid name: use 1 to 64 letters, digits, - or _`,
        ]);
      }
      for (const entry of item.entries) if (entry !== named) this.readEntry(entry, `${key}.${name}`, 3);
    }
  }

  /** Reads sections with the settings of one hub each. */
  #readHubs(items: readonly Located[]): void {
    for (const [number, item] of items.entries()) {
      if (item.kind !== 'map') throw new ConfigRefused([`${item.at}: hub: expected a section with the name of a hub`]);
      this.#readSection(item, `hub.${number}`, 3);
    }
  }

  /** Reads names of plugins, or sections with a name and options. */
  #readPlugins(items: readonly Located[], origin: string): void {
    const names = items.map((item) => {
      if (item.kind !== 'map') return textOf(item) ?? '';
      const named = item.entries.find(({ name }) => name === 'name');
      if (!named) throw new ConfigRefused([`${item.at}: plugins: expected a name, or a section with one`]);
      const name = textOf(named.value) ?? '';
      for (const entry of item.entries) if (entry !== named) this.readEntry(entry, `plugins.${name}`, 2);
      return name;
    });
    this.#assign({ key: 'plugins', value: names, origin });
  }

  #assign(assignment: Assignment): void {
    const { key, origin } = assignment;
    if (key.startsWith(`${NAMED_CODES}.`)) {
      this.#addNamedCode(assignment);
      return;
    }
    const earlier = this.#assignments.get(key);
    if (earlier !== undefined) this.warn(`${key} is set twice: ${origin} is used, ${earlier.origin} is ignored`);
    this.#assignments.set(key, assignment);
  }

  #addNamedCode({ key, value, origin }: Assignment): void {
    const earlier = this.#assignments.get(NAMED_CODES);
    const codes = Array.isArray(earlier?.value) ? earlier.value : [];
    const named = `${key.slice(NAMED_CODES.length + 1)}=${value}`;
    this.#assignments.set(NAMED_CODES, {
      key: NAMED_CODES,
      value: [...codes, named],
      origin: earlier?.origin ?? origin,
    });
  }
}

/** Returns whether the key is a setting of a bridge, or one of its codes by name. */
function isBridgeKey(key: string): boolean {
  return findSetting(key) !== undefined || key.startsWith(`${NAMED_CODES}.`);
}

/** Returns the text as written, so that 1.10 stays `1.10` for a text setting. */
function textOf(located: Located): string | null {
  if (located.kind !== 'value') throw new ConfigRefused([`${located.at}: expected a single value`]);
  return located.value === null ? null : located.text;
}
