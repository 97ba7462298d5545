import type { Client, EntityRef } from '@medkit/client';
import type { FaultStreamEvent } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { entityIds } from '../remote/entity-ids.ts';
import { reconnecting } from '../remote/reconnecting.ts';
import { colorize } from '../terminal/colorize.ts';
import { plainLine } from '../terminal/display-width.ts';
import { formatTime } from '../terminal/format.ts';

interface Following {
  readonly client: Client;
  readonly json: boolean;
  readonly entity: EntityRef | undefined;
  readonly signal: AbortSignal;
}

const LABELS = {
  fault_confirmed: 'CONFIRMED',
  fault_updated: 'UPDATED',
  fault_healed: 'HEALED',
  fault_cleared: 'CLEARED',
} as const;
const COLOURS = {
  fault_confirmed: 'red',
  fault_updated: 'yellow',
  fault_healed: 'green',
  fault_cleared: 'green',
} as const;

/** Prints fault changes until `signal` is aborted, starting with the stored recent ones. */
export async function followFaults({ client, json, entity, signal }: Following): Promise<number> {
  const ids = entity && (await entityIds(client, entity));
  for await (const { data } of client.events('streamFaults', { signal, ...reconnecting(client) })) {
    const event = JSON.parse(data) as FaultStreamEvent;
    if (ids && !ids.has(event.fault.entity_id ?? '')) continue;
    // The gateway sends a `fault_cleared` event with the same information afterwards.
    if (!json && event.event_type === 'fault_healed') continue;
    console.log(json ? data : line(event));
    if (signal.aborted) break;
  }
  return ExitCode.ok;
}

function line({ event_type, fault, timestamp, auto_cleared_codes }: FaultStreamEvent): string {
  const { fault_code, entity_id, description, status } = fault;
  // A healed fault is also reported as `fault_cleared`.
  const word = event_type === 'fault_cleared' && status === 'HEALED' ? 'HEALED' : LABELS[event_type];
  const cleared = auto_cleared_codes?.length ? ` (with it: ${auto_cleared_codes.join(', ')})` : '';
  return [
    formatTime(new Date(timestamp * 1000)),
    colorize(word.padEnd(9), COLOURS[event_type]),
    plainLine(`${fault_code}  ${entity_id ?? fault.reporting_sources?.[0] ?? ''}  ${description ?? ''}${cleared}`),
  ].join('  ');
}
