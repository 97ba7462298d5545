import type { FaultDetailResult, FaultEvidence, FreezeFrameSnapshot } from '@medkit/contract';
import { isTime } from '../occurrence/occurrence.ts';
import type { Measured } from './crossing.ts';

/** A value with its threshold, and whether crossing it stops the robot. */
export type Threshold = Measured & { readonly blocksMotion?: boolean };

const isFrame = (evidence: FaultEvidence): evidence is FreezeFrameSnapshot =>
  'type' in evidence && evidence.type === 'freeze_frame' && 'data' in evidence;

/** Returns the values with thresholds from the frames of an occurrence, those that the integrator marked first. */
export function measurementsOf({ environment_data }: FaultDetailResult, number: number): readonly Threshold[] {
  const frames = (environment_data.snapshots ?? []).filter(isFrame);
  const matching = frames.filter((frame) => (frame['x-medkit']?.occurrence ?? number) === number);
  return [...markedThresholds(matching), ...fieldLimits(matching), ...matching.flatMap(portThresholds)];
}

/** The course of a number up to the fault. */
export type Channel = Pick<Measured, 'channel' | 'label' | 'unit' | 'samples'>;

/** Returns every number with a history in the frames of an occurrence, with or without a threshold. */
export function channelsOf({ environment_data }: FaultDetailResult, number: number): readonly Channel[] {
  const frames = (environment_data.snapshots ?? []).filter(isFrame);
  const matching = frames.filter((frame) => (frame['x-medkit']?.occurrence ?? number) === number);
  return matching.flatMap((frame) => (frame.name === 'history' ? topicChannels(frame, matching) : portChannels(frame)));
}

/** `/cmd_vel.linear.x` belongs to the topic `/cmd_vel`, whose frame holds the label and unit. */
function topicChannels({ data }: FreezeFrameSnapshot, frames: readonly FreezeFrameSnapshot[]): readonly Channel[] {
  return Object.entries(Object(data)).map(([channel, field]) => {
    const topic = channel.split('.', 1)[0];
    const { label, unit } = frames.find((frame) => frame['x-medkit']?.topic === topic)?.['x-medkit'] ?? {};
    const samples = samplesOf(field, (at) => at / NS_PER_MS);
    return { channel, samples, ...(label && { label }), ...(unit && { unit }) };
  });
}

const NS_PER_MS = 1e6;

/** Returns the thresholds that the integrator marked, with their channels. */
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

/** Returns the limits that the source of the values declared. */
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

/** Returns the recent numbers of topics and entities; times are nanoseconds since the epoch. */
function historiesIn(frames: readonly FreezeFrameSnapshot[]): readonly (readonly [path: string, field: unknown])[] {
  return frames.flatMap(({ name, data }) => (name === 'history' ? Object.entries(Object(data)) : []));
}

const US_PER_MS = 1000;
/** `stop_threshold_m` is a threshold of `min_range_m`: the suffix of both names is the unit. */
const PORT_THRESHOLD = /threshold(_[a-z0-9]+)?$/;

/**
 * Returns thresholds of a runtime that reports all its ports in one frame, with its own time base. Such a port is a
 * threshold by its name.
 */
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
  // The histories of topics and entities have a known time base.
  if (name === 'history' || Number.isNaN(Date.parse(about?.captured_at ?? ''))) return [];
  return Object.entries(Object(data)).filter(([, port]) => Array.isArray(Object(port)['history']));
}

/** The newest sample of a port has the time of the frame. */
function portSamples(port: unknown, { 'x-medkit': about }: FreezeFrameSnapshot): Measured['samples'] {
  const newest = Number(Object(port)['history'].at(-1)?.[0]);
  return samplesOf(port, (at) => Date.parse(about!.captured_at!) - (newest - at) / US_PER_MS);
}

/** Validates the samples: a foreign runtime may send anything. */
function samplesOf(field: unknown, toMs: (at: number) => number): Measured['samples'] {
  const history: unknown = Object(field)['history'];
  if (!Array.isArray(history)) return [];
  return history.flatMap((sample) => {
    const [at, value] = Array.isArray(sample) ? sample.map(Number) : [];
    const atMs = at === undefined ? Number.NaN : toMs(at);
    return isTime(atMs) && Number.isFinite(value) ? [[atMs, value!] as const] : [];
  });
}
