import type { HealthDds, HealthStatus } from '@medkit/contract';
import { columns } from '../command/columns.ts';

const kib = (bytes: number) => `${Math.round(bytes / 1024)} KiB`;
const list = (items: readonly string[]) => (items.length > 0 ? items.join(', ') : 'none');

function ddsRows(dds: HealthDds): readonly (readonly [string, string])[] {
  const { receive_buffer: buffer, datagrams } = dds;
  const kinds = dds.participants.map(({ vendor, version, count }) => `${count} × ${vendor} ${version ?? ''}`.trim());
  const dropped = Object.entries(dds.dropped).map(([reason, count]) => `${reason} ${count}`);
  return [
    ['domain', `${dds.domain_id} (range ${dds.discovery_range})`],
    ['interfaces', list(dds.interfaces)],
    ['participants', list(kinds)],
    ['not understood', String(dds.not_understood.length)],
    ['receive buffer', `${kib(buffer.granted_bytes)} of ${kib(buffer.asked_bytes)} asked for`],
    ['datagrams', `${datagrams.received} received, ${datagrams.sent} sent, ${datagrams.send_failures} not sent`],
    ['dropped', list(dropped)],
  ];
}

/** What health says, as lines for a person. */
export function findingLines(health: HealthStatus): readonly string[] {
  const dds = health['x-medkit-dds'];
  const nodes = health['x-medkit-entity-cache']?.apps;
  const rows = [...(dds ? ddsRows(dds) : []), ['nodes', String(nodes ?? 'unknown')] as const];
  const { warnings } = health;
  return [
    columns(rows),
    '',
    ...(warnings.length === 0
      ? ['Nothing is wrong.']
      : ['What is wrong, and what to do:', ...warnings.map(({ code, message }) => `  - ${message} (${code})`)]),
  ];
}
