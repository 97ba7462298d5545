import type { IncidentDetail, IncidentRecording } from '@medkit/contract';
import type { BagTopic } from '../recordings/bag-messages.ts';
import type { WantedSeries } from '../recordings/bag-series.ts';

/** Maximum size in bytes of a recording that is read automatically for the chart. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Returns the recording of the root fault if the browser can read it (MCAP, up to `MAX_BYTES`). */
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
 * Finds the channel of a freeze frame in a recording: the topic with that name, a field of a topic
 * (`/cmd_vel.linear.x`), or a field of a runtime's `/ports` topic.
 */
export function findChannelInBag(topics: readonly BagTopic[], channel: string): WantedSeries | undefined {
  const named = (name: string) => topics.find((topic) => topic.name === name && topic.problem === undefined);
  if (named(channel)) return { topic: channel, path: '/data' };
  const [name = '', ...fields] = channel.split('.');
  if (fields.length > 0 && named(name)) return { topic: name, path: `/${fields.join('/')}` };
  const ports = channel.startsWith('/') ? undefined : topics.find((topic) => topic.name.endsWith('/ports'));
  return ports && { topic: ports.name, path: `/${channel}` };
}
