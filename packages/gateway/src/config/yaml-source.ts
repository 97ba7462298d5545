import { yaml } from '@medkit/documents';
import type { Node, Pair, YAMLMap } from 'yaml';
import { type Assignment, ConfigRefused, type Notice, type SourceReading } from './assignment.ts';
import { isPluginKey } from './configured-plugins.ts';
import { settingOf } from './settings.ts';

/** A configuration has some hundred lines; what is larger is another file. */
const MAX_TEXT_LENGTH = 262_144;
/** The deepest key of all has five segments; the form of ROS adds two. */
const MAX_DEPTH = 10;

const NODE_NAMES = /^(?:\/\*\*|(?:\/?(?:[\w*]+\/)*)(?:ros2_medkit_gateway|medkit|\*))$/;
/** Its parameters may stand in the same file; who runs the fault manager reads them there. */
const FAULT_MANAGER = /^\/?(?:[\w*]+\/)*fault_manager$/;
const ROS_BLOCK = 'ros__parameters';

/**
 * Reads a configuration file: sections nested or dotted, and also the form of ROS parameter files
 * (`ros2_medkit_gateway: ros__parameters: …`). Throws `ConfigRefused` with line numbers where it is not YAML.
 */
export function readYaml(text: string, file: string): SourceReading {
  if (text.length > MAX_TEXT_LENGTH) throw new ConfigRefused([`${file} has more than ${MAX_TEXT_LENGTH} characters`]);
  const { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } = yaml();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number | undefined) => (offset === undefined ? file : `${file}:${lines.linePos(offset).line}`);
  if (document.errors.length > 0) {
    throw new ConfigRefused(document.errors.map((error) => `${place(error.pos[0])}: ${error.message}`));
  }
  const assignments = new Map<string, Assignment>();
  const notices: Notice[] = document.warnings.map(({ pos, message }) => ({
    level: 'warning',
    text: `${place(pos[0])}: ${message}`,
  }));
  const origin = (node: unknown) => place((node as Node | null)?.range?.[0]);

  const textOf = (node: unknown): string | null => {
    if (isAlias(node)) throw new ConfigRefused([`${origin(node)}: aliases are not supported`]);
    if (!isScalar(node)) throw new ConfigRefused([`${origin(node)}: expected a single value`]);
    if (node.value === null) return null;
    // The text as written, so that 1.10 stays a text where a text is wanted.
    return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
  };

  const assign = (assignment: Assignment): void => {
    const earlier = assignments.get(assignment.key);
    if (earlier !== undefined) {
      const text = `${assignment.key} is set twice: ${assignment.origin} counts, ${earlier.origin} does not`;
      notices.push({ level: 'warning', text });
    }
    assignments.set(assignment.key, assignment);
  };

  const readPair = (pair: Pair, prefix: string, depth: number): void => {
    const name = textOf(pair.key) ?? '';
    const key = prefix ? `${prefix}.${name}` : name;
    const where = origin(pair.key);
    const known = settingOf(key) !== undefined;
    if (isMap(pair.value) && !known) readMap(pair.value, key, depth + 1);
    else if (isMap(pair.value)) throw new ConfigRefused([`${where}: ${key} takes a value, not a section`]);
    else if (isSeq(pair.value)) {
      const items = known || isPluginKey(key) ? pair.value.items : [];
      assign({ key, value: items.map((item) => textOf(item) ?? ''), origin: where });
    } else assign({ key, value: pair.value === null ? null : textOf(pair.value), origin: where });
  };

  const readMap = (map: YAMLMap, prefix: string, depth: number): void => {
    if (depth > MAX_DEPTH) throw new ConfigRefused([`${origin(map)}: more than ${MAX_DEPTH} levels of sections`]);
    for (const pair of map.items) readPair(pair, prefix, depth);
  };

  const readTop = (pair: Pair): void => {
    const block = isMap(pair.value) ? pair.value.get(ROS_BLOCK, true) : undefined;
    const name = textOf(pair.key) ?? '';
    if (block === undefined) readPair(pair, '', 1);
    else if (FAULT_MANAGER.test(name)) {
      assign({ key: 'fault_manager.config_file', value: file, origin: origin(pair.key) });
    } else if (!NODE_NAMES.test(name)) {
      notices.push({ level: 'warning', text: `${origin(pair.key)}: parameters of node ${name}, not of the gateway` });
    } else if (isMap(block)) readMap(block, '', 1);
    else throw new ConfigRefused([`${origin(pair.key)}: ${ROS_BLOCK} takes a section`]);
  };

  const root = document.contents;
  if (isMap(root)) for (const pair of root.items) readTop(pair);
  else if (root !== null) throw new ConfigRefused([`${origin(root)}: expected sections such as "server:"`]);
  return { assignments: [...assignments.values()], notices };
}
