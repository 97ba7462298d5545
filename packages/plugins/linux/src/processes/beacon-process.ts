import type { App } from '@medkit/core';
import type { PluginContext } from '@medkit/plugin';
import type { AnnouncedProcess } from './announced-process.ts';

const BEACON = 'x-medkit-beacon';

export function hasBeacon({ capabilities = [] }: App): boolean {
  return capabilities.includes(BEACON);
}

/** Returns the process announced by the beacon of an app; `undefined` if it announces none. */
export async function beaconProcess(
  { id }: App,
  { request }: Pick<PluginContext, 'request'>,
): Promise<AnnouncedProcess | undefined> {
  const { status, body } = await request({ method: 'GET', path: `/apps/${id}/${BEACON}` });
  if (status !== 200 || typeof body !== 'object' || body === null || !('process_id' in body)) return undefined;
  const { process_id, hostname, process_name } = body;
  if (typeof process_id !== 'number' || process_id <= 0) return undefined;
  return { id: process_id, hostname: textOf(hostname), name: textOf(process_name) };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
