import type { FaultDetailResult, FaultEvidence, FreezeFrameSnapshot } from '@medkit/contract';
import { isTime } from '../occurrence/occurrence.ts';
import type { Measured } from './crossing.ts';

/** A value with its threshold, and whether the robot stands still while it is beyond that. */
export type Threshold = Measured & { readonly blocksMotion?: boolean };

const isFrame = (evidence: FaultEvidence): evidence is FreezeFrameSnapshot =>
  'type' in evidence && evidence.type === 'freeze_frame' && 'data' in evidence;

/** The values with thresholds in the frames that were taken in an occurrence of a fault, those first that somebody has marked so. */
export function measurementsOf({ environment_data }: FaultDetailResult, number: number): readonly Threshold[] {
  const frames = (environment_data.snapshots ?? []).filter(isFrame);
  const own = frames.filter((frame) => (frame['x-medkit']?.occurrence ?? number) === number);
  return [...markedThresholds(own), ...fieldLimits(own), ...own.flatMap(portThresholds)];
}

/** A number that was followed until a fault came. */
export type Channel = Pick<Measured, 'channel' | 'label' | 'unit' | 'samples'>;

/** Every number with a history in the frames of an occurrence: those with thresholds among them, and what else was moving. */
export function channelsOf({ environment_data }: FaultDetailResult, number: number): readonly Channel[] {
  const frames = (environment_data.snapshots ?? []).filter(isFrame);
  const own = frames.filter((frame) => (frame['x-medkit']?.occurrence ?? number) === number);
  return own.flatMap((frame) => (frame.name === 'history' ? topicChannels(frame, own) : portChannels(frame)));
}

/** `/cmd_vel.linear.x` is of the topic `/cmd_vel`: what that is called, and its unit, are said with its frame. */
function topicChannels({ data }: FreezeFrameSnapshot, frames: readonly FreezeFrameSnapshot[]): readonly Channel[] {
  return Object.entries(Object(data)).map(([channel, field]) => {
    const topic = channel.split('.', 1)[0];
    const { label, unit } = frames.find((frame) => frame['x-medkit']?.topic === topic)?.['x-medkit'] ?? {};
    const samples = samplesOf(field, (at) => at / NS_PER_MS);
    return { channel, samples, ...(label && { label }), ...(unit && { unit }) };
  });
}

const NS_PER_MS = 1e6;

/** What the integrator has called a threshold, with the channel that it is of. */
function markedThresholds(frames: readonly FreezeFrameSnapshot[]): readonly Threshold[] {
  const histories = historiesIn(frames);
  return frames.flatMap(({ data, 'x-medkit': about }) => {
    const { role, of, blocks_motion } = about ?? {};
    if (role !== 'threshold' || typeof of !== 'string' || typeof data !== 'number') return [];
    const measured = frames.find((frame) => frame['x-medkit']?.topic === of)?.['x-medkit'];
    const history = histories.find(([path]) => path.startsWith(`${of}.`))?.[1];
    return [
      {
        channel: of,
        ...(measured?.label && { label: measured.label }),
        ...((measured?.unit ?? about?.unit) && { unit: (measured?.unit ?? about?.unit)! }),
        threshold: data,
        samples: samplesOf(history, (at) => at / NS_PER_MS),
        ...(blocks_motion && { blocksMotion: true }),
      },
    ];
  });
}

/** What whoever gave the values knows of their limits. */
function fieldLimits(frames: readonly FreezeFrameSnapshot[]): readonly Threshold[] {
  const histories = new Map(historiesIn(frames));
  return frames.flatMap(({ 'x-medkit': about }) => {
    const limits: unknown = about?.limits;
    return (Array.isArray(limits) ? limits : []).flatMap((limit: unknown) => {
      const { of, value, side, unit, label }: Readonly<Record<string, unknown>> = Object(limit);
      if (typeof of !== 'string' || typeof value !== 'number' || (side !== 'above' && side !== 'below')) return [];
      return [
        {
          channel: of,
          ...(typeof label === 'string' && { label }),
          ...(typeof unit === 'string' && { unit }),
          threshold: value,
          side,
          samples: samplesOf(histories.get(of), (at) => at / NS_PER_MS),
        },
      ];
    });
  });
}

/** The numbers of topics and of entities over the last moments, in nanoseconds since the epoch. */
function historiesIn(frames: readonly FreezeFrameSnapshot[]): readonly (readonly [path: string, field: unknown])[] {
  return frames.flatMap(({ name, data }) => (name === 'history' ? Object.entries(Object(data)) : []));
}

const US_PER_MS = 1000;
/** `stop_threshold_m` is one of `min_range_m`: of the same unit, as its name says. */
const PORT_THRESHOLD = /threshold(_[a-z0-9]+)?$/;

/** A runtime that tells its ports in one frame, in a time of its own: a port is a threshold by its name. */
function portThresholds(frame: FreezeFrameSnapshot): readonly Threshold[] {
  const ports = portsOf(frame);
  if (ports.length < 2) return [];
  return ports.flatMap(([name, port]) => {
    const unit = PORT_THRESHOLD.exec(name);
    const threshold: unknown = Object(port)['value'];
    if (!unit || typeof threshold !== 'number') return [];
    return ports.flatMap(([channel, measured]) => {
      if (channel === name || !channel.endsWith(unit[1] ?? '')) return [];
      const samples = portSamples(measured, frame);
      return [{ channel, threshold, samples, ...(unit[1] && { unit: unit[1].slice(1) }) }];
    });
  });
}

function portChannels(frame: FreezeFrameSnapshot): readonly Channel[] {
  return portsOf(frame)
    .filter(([name]) => !PORT_THRESHOLD.test(name))
    .map(([channel, port]) => ({ channel, samples: portSamples(port, frame) }));
}

function portsOf({
  name,
  data,
  'x-medkit': about,
}: FreezeFrameSnapshot): readonly (readonly [name: string, port: unknown])[] {
  // The histories of topics and entities are in a time that is known.
  if (name === 'history' || Number.isNaN(Date.parse(about?.captured_at ?? ''))) return [];
  return Object.entries(Object(data)).filter(([, port]) => Array.isArray(Object(port)['history']));
}

/** The newest sample of a port is of when the frame was taken. */
function portSamples(port: unknown, { 'x-medkit': about }: FreezeFrameSnapshot): Measured['samples'] {
  const newest = Number(Object(port)['history'].at(-1)?.[0]);
  return samplesOf(port, (at) => Date.parse(about!.captured_at!) - (newest - at) / US_PER_MS);
}

/** What a frame says may be anything: a runtime of somebody else has told it. */
function samplesOf(field: unknown, toMs: (at: number) => number): Measured['samples'] {
  const history: unknown = Object(field)['history'];
  if (!Array.isArray(history)) return [];
  return history.flatMap((sample) => {
    const [at, value] = Array.isArray(sample) ? sample.map(Number) : [];
    const atMs = at === undefined ? Number.NaN : toMs(at);
    return isTime(atMs) && Number.isFinite(value) ? [[atMs, value!] as const] : [];
  });
}
