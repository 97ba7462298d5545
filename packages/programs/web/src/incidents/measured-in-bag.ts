import type { IncidentDetail, IncidentRecording } from '@medkit/contract';
import type { BagTopic } from '../recordings/bag-messages.ts';
import type { WantedSeries } from '../recordings/bag-series.ts';

/** Octets of a recording that is read for the chart without being asked for. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The recording of the root of an incident, where a browser can read it. */
export function rootRecording({ recordings, root, root_origin }: IncidentDetail): IncidentRecording | undefined {
  return recordings.find(
    ({ fault_code, origin, format, size_bytes }) =>
      fault_code === root &&
      (origin ?? '') === (root_origin ?? '') &&
      format === 'mcap' &&
      (size_bytes ?? 0) <= MAX_BYTES,
  );
}

/**
 * Where a recording has the channel of a freeze frame: the topic of that name, a field of a topic (`/cmd_vel.linear.x`), or a port
 * of the runtime that is recorded as a topic with a field for each.
 */
export function placeInBag(topics: readonly BagTopic[], channel: string): WantedSeries | undefined {
  const named = (name: string) => topics.find((topic) => topic.name === name && topic.problem === undefined);
  if (named(channel)) return { topic: channel, path: '/data' };
  const [name = '', ...fields] = channel.split('.');
  if (fields.length > 0 && named(name)) return { topic: name, path: `/${fields.join('/')}` };
  const ports = channel.startsWith('/') ? undefined : topics.find((topic) => topic.name.endsWith('/ports'));
  return ports && { topic: ports.name, path: `/${channel}` };
}
