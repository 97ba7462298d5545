import { SovdError } from '@medkit/contract';
import {
  type DataEntry,
  type DataProvider,
  type DataReading,
  type DataSample,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type RecentValues,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { PlcReading } from '@medkit/opcua';
import type { MappedNode } from '../node-map/node-map.ts';
import type { Plc } from '../plc/plc.ts';
import { writtenValue } from '../values/written-value.ts';
import { entityOf, nodeOf } from './entity-lookup.ts';
import { writeVariable } from './plc-change.ts';

/** Message type for the numbers of PLCs in the ROS graph. */
export const FLOAT = 'std_msgs/msg/Float32';

export interface PlcDataOptions {
  readonly plcs: readonly Plc[];
  readonly clock: Clock;
  /** Returns whether a variable is published in the ROS graph. */
  readonly isPublished: (plc: Plc, node: MappedNode) => boolean;
}

/** The variables of PLCs as data of their apps. Reads return the last received value immediately. */
export function plcData({ plcs, clock, isPublished }: PlcDataOptions): DataProvider {
  const entryOf = (plc: Plc, node: MappedNode): DataEntry => ({
    id: node.dataName,
    name: node.displayName,
    category: 'currentData',
    terms: { opcua: factsOf(node) },
    ...limitsOf(node),
    ...(isPublished(plc, node) && { channel: { name: node.rosTopic, direction: 'publish', type: FLOAT } }),
  });
  return {
    list: async (entityId) => {
      const found = entityOf(plcs, entityId);
      return found ? [...found.entity.nodes.values()].map((node) => entryOf(found.plc, node)) : [];
    },
    read: async (entityId, dataId) => {
      const { plc, node } = nodeOf(plcs, entityId, dataId);
      return readingOf(plc, node, clock);
    },
    write: async (entityId, dataId, { value: body }) => {
      const { plc, node } = nodeOf(plcs, entityId, dataId);
      const value = writtenValue(node, unwrapValue(body));
      await writeVariable(plc, node, value);
      return { id: dataId, value, terms: { opcua: factsOf(node) } };
    },
    watch: async (entityId, dataId, onSample, call) => {
      const { plc, node } = nodeOf(plcs, entityId, dataId);
      if (call.signal.aborted) return { close: async () => undefined };
      return watchNode(plc, node, onSample);
    },
    recent: async (entityId, dataId, { sinceNs, limit }) => {
      const { plc, node } = nodeOf(plcs, entityId, dataId);
      if (plc.options.historySeconds === 0) throw noHistory(dataId);
      return recentOf(plc, node, sinceNs, limit, clock);
    },
  };
}

/** Returns descriptive properties of a variable. */
export function factsOf({ nodeId, unit, type, writable }: MappedNode): JsonObject {
  return { node_id: nodeId, ...(unit !== undefined && { unit }), data_type: type, writable };
}

/** Returns the limit of a number with a threshold rule; booleans, bit words and codes have no limit. */
function limitsOf({ type, unit, faultRule }: MappedNode): Pick<DataEntry, 'limits'> {
  if (faultRule?.kind !== 'threshold' || (type !== 'float' && type !== 'int')) return {};
  const { fault, threshold: value, above } = faultRule;
  const side = above ? 'above' : 'below';
  return { limits: [{ faultCode: fault.code, value, side, ...(unit !== undefined && { unit }) }] };
}

function readingOf(plc: Plc, node: MappedNode, clock: Clock): DataReading {
  const reading = plc.values.of(node.nodeId);
  const { isConnected: connected, problem = '', unread } = plc;
  const warnings = [
    ...(connected ? [] : [`The PLC does not answer; this is its last value: ${problem}`]),
    ...(connected && unread !== undefined ? [`The last read of the values failed: ${unread}`] : []),
    ...(reading?.unshown === undefined ? [] : [reading.unshown]),
    ...(reading ? timeWarnings(reading) : []),
    ...(reading && reading.quality !== 'good' ? [`The PLC reports ${reading.status} for this value`] : []),
  ];
  return {
    id: node.dataName,
    value: reading?.value,
    timestampNs: reading?.receivedNs ?? clock.wallNs(),
    publisherCount: connected ? 1 : 0,
    subscriberCount: 0,
    terms: { opcua: { ...factsOf(node), ...nameIn(node, reading), ...(reading && qualityOf(reading)) } },
    ...(warnings.length > 0 && { warnings }),
  };
}

/** Returns the PLC's name of an enumeration value. */
export function nameIn({ names }: MappedNode, reading: PlcReading | undefined): { readonly value_name?: string } {
  const name = typeof reading?.value === 'number' ? names?.get(reading.value) : undefined;
  return name === undefined ? {} : { value_name: name };
}

/** A source time further than this ahead of the arrival of the value is wrong, in nanoseconds. */
const MAX_AHEAD_NS = 60_000_000_000n;

function timeWarnings({ sourceTimeNs, receivedNs }: PlcReading): readonly string[] {
  const aheadNs = (sourceTimeNs ?? receivedNs) - receivedNs;
  if (aheadNs <= MAX_AHEAD_NS) return [];
  return [
    `The time of this value at the PLC is ${aheadNs / 1_000_000_000n} s after its arrival here: the clock of the PLC is ahead`,
  ];
}

function qualityOf({ quality, status, sourceTimeNs, unshown }: PlcReading): JsonObject {
  return {
    quality,
    status,
    ...(unshown !== undefined && { unshown }),
    ...(sourceTimeNs !== undefined && { source_timestamp: sourceTimeNs }),
  };
}

/** Calls a watcher with the newest value; while it is busy, values are skipped. */
function watchNode(plc: Plc, node: MappedNode, onSample: (sample: DataSample) => void | Promise<void>) {
  const present = (): DataSample | undefined => {
    const reading = plc.values.of(node.nodeId);
    // Watchers receive no quality, so bad values are not delivered.
    if (reading?.value === undefined || reading.quality === 'bad') return undefined;
    return { value: reading.value, timestampNs: reading.receivedNs };
  };
  let isBusy = false;
  let isBehind = false;
  const sendSample = (): void => {
    const sample = present();
    if (!sample) return;
    if (isBusy) {
      isBehind = true;
      return;
    }
    const sending = onSample(sample);
    if (!sending) return;
    isBusy = true;
    const goOn = (): void => {
      isBusy = false;
      if (!isBehind) return;
      isBehind = false;
      sendSample();
    };
    sending.then(goOn, goOn);
  };
  const stop = plc.values.listen(node.nodeId, sendSample);
  // Starts with the current value: a subscription reports only changes.
  if (plc.isConnected) sendSample();
  return { kept: async () => present(), close: async () => stop() };
}

function recentOf(plc: Plc, node: MappedNode, sinceNs: bigint, limit: number, clock: Clock): RecentValues {
  const oldestNs = clock.wallNs() - BigInt(plc.options.historySeconds) * 1_000_000_000n;
  const points = plc.values.since(node.nodeId, sinceNs > oldestNs ? sinceNs : oldestNs);
  const step = Math.max(1, Math.ceil(points.length / limit));
  // Counted from the end, so that the newest is included.
  const selected = points.filter((_, at) => (points.length - 1 - at) % step === 0);
  return {
    type: node.type,
    values: selected.map(([timeNs, value]) => ({ timeNs, value })),
    fromNs: points[0]?.[0] ?? clock.wallNs(),
    storedFor: 'freeze_frames',
    omitted: points.length - selected.length,
  };
}

/** Accepts `{"value": 3}` as well as `3`. */
function unwrapValue(body: JsonValue): JsonValue | undefined {
  return isJsonObject(body) ? body['value'] : body;
}

function noHistory(id: string): SovdError {
  const message = `No past values of ${id} are stored: history_seconds of the OPC UA plugin is 0`;
  return new SovdError({ code: 'precondition-not-fulfilled', message, parameters: { id } });
}
