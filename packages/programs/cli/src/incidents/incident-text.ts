import type { Incident, IncidentFault, XMedkitCollection } from '@medkit/contract';
import type { Colour } from '../terminal/colorize.ts';
import { formatTime } from '../terminal/format.ts';

export const STATE_COLOURS = { open: 'red', healed: 'green', closed: 'dim' } as const satisfies Record<string, Colour>;
export const MOTION_COLOURS = {
  blocked: 'red',
  'no blocking fault known': 'dim',
  'not configured': 'dim',
  unknown: 'yellow',
} as const satisfies Record<string, Colour>;

/** `jan, 02:14:44.000`; empty if the incident is not acknowledged. */
export function acknowledgementText({ acknowledged_by: by, acknowledged_at: at }: Incident): string {
  if (!by) return '';
  return at ? `${by}, ${formatTime(new Date(at))}` : by;
}

/** `bt_navigator of amr_2`: the entity of a fault, with the gateway if it is another one. */
export function faultOwnerText({ entity_id, origin }: Pick<IncidentFault, 'entity_id' | 'origin'>): string {
  return [entity_id ?? 'unknown entity', ...(origin ? [origin] : [])].join(' of ');
}

/** One line for each runtime or gateway that did not answer: its faults are missing from the reply. */
export function unresponsiveLines(about: XMedkitCollection | null | undefined): readonly string[] {
  const members = (about?.failed_members ?? []).map(({ message, since }) => {
    const from = since ? `, since ${formatTime(new Date(since))}` : '';
    return `${message}${from}: its faults are not included`;
  });
  const named = new Set((about?.failed_members ?? []).map(({ runtime }) => runtime));
  const peers = (about?.failed_peers ?? []).filter((name) => !named.has(name));
  return [...members, ...peers.map((name) => `${name} does not answer: its faults are not included`)];
}
