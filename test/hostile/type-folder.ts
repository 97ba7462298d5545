import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Levels of nested messages. */
const DEPTH = 24;
/** Fields of one message. */
const WIDTH = 1500;

const MEMBERS = ['constructor', 'onerror', 'innerHTML', 'to_string', 'has_own_property', 'value_of', 'then'] as const;
export const HOSTILE_MEMBERS = MEMBERS;

/** Definitions whose members have the names of object properties, are deeply nested, or are many. */
const FILES: Readonly<Record<string, string>> = {
  'msg/Constructor': `${MEMBERS.map((name) => `string ${name}`).join('\n')}\n`,
  'srv/Onerror': `${MEMBERS.map((name) => `string ${name} "<b>${name}</b>"`).join('\n')}\n---\nstring constructor\nstring onerror\n`,
  'msg/Wide': Array.from({ length: WIDTH }, (_, at) => `float64 field${at}\n`).join(''),
  ...Object.fromEntries(
    Array.from({ length: DEPTH }, (_, at) => [
      `msg/Deep${at}`,
      `string said\n${at + 1 < DEPTH ? `Deep${at + 1} within\n` : ''}`,
    ]),
  ),
};

/** Writes the definitions below a folder, for a node that is configured with it. */
export function writeTypes(folder: string): void {
  for (const [name, text] of Object.entries(FILES)) {
    const file = join(folder, 'hostile_msgs', `${name}.${name.slice(0, 3)}`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Builds a message of the deep type, filled down to its last level. */
export function deepMessage(said: string, level = 0): Readonly<Record<string, unknown>> {
  return level + 1 < DEPTH ? { said, within: deepMessage(said, level + 1) } : { said };
}
