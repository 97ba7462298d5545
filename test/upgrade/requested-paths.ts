/**
 * Paths below the API that are requested from the gateway that made a data folder, and from every later one that opens
 * it.
 */
export const REQUESTED_PATHS = [
  '/faults?status=all',
  ...['PENDING', 'NEAR', 'CONFIRMED', 'HEALING', 'HEALED', 'CLEARED'].map((code) => `/apps/motor/faults/${code}`),
  '/apps/motor/bulk-data/rosbags',
  '/apps/motor/bulk-data/maps',
  '/apps/motor/triggers',
  '/apps/motor/fault-triggers',
  '/apps/motor/scripts',
  '/apps/motor/scripts/hello/executions',
  '/apps/motor/locks',
  '/x-medkit-webhooks/deliveries',
  '/x-medkit-webhooks/targets',
  '/x-medkit-audit?limit=200',
  '/x-medkit-audit/verify',
] as const;

/** Silence after which a stream counts as read to its end. */
const SILENCE_MS = 1500;

/** Returns the events that a client with the last id `id` receives: their numbers and contents. */
export async function eventsAfter(api: string, id: number): Promise<readonly (readonly [id: number, data: unknown])[]> {
  const events: [number, unknown][] = [];
  const end = new AbortController();
  const silence = setTimeout(() => end.abort(), SILENCE_MS);
  let text = '';
  try {
    const { body } = await fetch(`${api}/faults/stream`, { headers: { 'Last-Event-ID': `${id}` }, signal: end.signal });
    for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
      silence.refresh();
      text += chunk;
    }
  } catch (error) {
    if (!end.signal.aborted) throw error;
  }
  for (const [, number, data = ''] of text.matchAll(/^id: (\d+)\n(?:event: .*\n)?data: (.*)$/gm)) {
    events.push([Number(number), JSON.parse(data)]);
  }
  return events;
}
