import type { Incident, IncidentFault, XMedkitCollection } from '@medkit/contract';
import { timeInWords } from '../terminal/in-words.ts';
import type { Colour } from '../terminal/painted.ts';

export const STATE_COLOURS = { open: 'red', healed: 'green', closed: 'dim' } as const satisfies Record<string, Colour>;
export const MOTION_COLOURS = {
  blocked: 'red',
  'no blocking fault known': 'dim',
  'not configured': 'dim',
  unknown: 'yellow',
} as const satisfies Record<string, Colour>;

/** `jan, 02:14:44.000`; empty where nobody has taken it on. */
export function takenOnBy({ acknowledged_by: by, acknowledged_at: at }: Incident): string {
  if (!by) return '';
  return at ? `${by}, ${timeInWords(new Date(at))}` : by;
}

/** `bt_navigator of amr_2`: who has a fault, and whose that is where it is of another gateway. */
export function ownerInWords({ entity_id, origin }: Pick<IncidentFault, 'entity_id' | 'origin'>): string {
  return [entity_id ?? 'unknown entity', ...(origin ? [origin] : [])].join(' of ');
}

/** Who did not answer, a line each: what is wrong there is not among what was told. */
export function silentLines(about: XMedkitCollection | null | undefined): readonly string[] {
  const members = (about?.failed_members ?? []).map(({ message, since }) => {
    const from = since ? `, since ${timeInWords(new Date(since))}` : '';
    return `${message}${from}: its faults are not included`;
  });
  const named = new Set((about?.failed_members ?? []).map(({ runtime }) => runtime));
  const peers = (about?.failed_peers ?? []).filter((name) => !named.has(name));
  return [...members, ...peers.map((name) => `${name} does not answer: its faults are not included`)];
}
