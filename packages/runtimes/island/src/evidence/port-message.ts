import type { TopicDescription } from '@medkit/faults';
import type { DeclaredApp } from '@medkit/ingest';
import type { IndexedPort } from '../declared/layout.ts';

/** CDR, little-endian. */
const ENCAPSULATION = Uint8Array.of(0, 1, 0, 0);
const PORT_OCTETS = 8;
const FIELD_TYPES = { float64: 'float64', int64: 'int64', bool: 'int64' } as const;

/** Returns the name of the topic under which an app's ports are recorded: one message per state. */
export const portTopic = ({ id }: Pick<DeclaredApp, 'id'>): string => `/${id}/ports`;

/**
 * Returns the topic with its type definition, so that players of recordings can plot every port: the time of the
 * runtime in microseconds, then the ports in order; a switch is 0 or 1.
 */
export function portTopicDescription(app: DeclaredApp): TopicDescription {
  const names = new Set(['time_us']);
  const fields = app.ports.map(({ id, type, unit }) => {
    const about = unit === undefined ? '' : ` # ${unit.replaceAll(/\s+/g, ' ')}`;
    return `${FIELD_TYPES[type]} ${fieldName(id, names)}${about}`;
  });
  return {
    name: portTopic(app),
    type: `medkit_island/msg/${typeName(app.id)}`,
    offeredQos: [],
    definition: ['uint64 time_us # microseconds of the runtime', ...fields].join('\n'),
    typeHash: '',
  };
}

/**
 * Returns the message of a state, whose layout is that of the state. `ports` contains the ports of all apps, 8 bytes
 * each.
 */
export function portMessage(indexed: readonly IndexedPort[], ports: Uint8Array, timeUs: bigint): Uint8Array {
  const first = (indexed[0]?.at ?? 0) * PORT_OCTETS;
  const body = ports.subarray(first, first + indexed.length * PORT_OCTETS);
  const message = new Uint8Array(ENCAPSULATION.length + PORT_OCTETS + body.length);
  message.set(ENCAPSULATION);
  new DataView(message.buffer).setBigUint64(ENCAPSULATION.length, timeUs, true);
  message.set(body, ENCAPSULATION.length + PORT_OCTETS);
  return message;
}

/** Returns `SafetyGate` for `safety_gate`, `P2Gate` for `2-gate`. */
function typeName(id: string): string {
  const parts = id.split(/[^A-Za-z0-9]+/).filter((part) => part !== '');
  const name = parts.map((part) => part[0]?.toUpperCase() + part.slice(1)).join('');
  return /^[A-Z]/.test(name) ? name : `P${name}`;
}

/** Returns a valid and unique field name for a message definition, in lower case. */
function fieldName(id: string, taken: Set<string>): string {
  const plain = id
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  const base = /^[a-z]/.test(plain) ? plain : `p_${plain}`;
  let name = base;
  for (let at = 2; taken.has(name); at++) name = `${base}_${at}`;
  taken.add(name);
  return name;
}
