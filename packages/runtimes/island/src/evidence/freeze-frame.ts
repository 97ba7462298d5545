import {
  type FaultRecord,
  type FreezeFrame,
  type JsonObject,
  type JsonValue,
  parseJson,
  stringifyJson,
} from '@medkit/core';
import type { BufferedTopic, SampledJson } from '@medkit/faults';
import type { IndexedFault, Layout } from '../declared/layout.ts';
import type { PortMemory, PortPoint } from '../ports/port-memory.ts';

/** Type under which frames are stored: JSON text that only this runtime reads. */
const FRAME_TYPE = 'medkit_island/msg/FreezeFrame';

/**
 * Maximum points of a frame, about 40 bytes each: with names they fit into a message that is stored whole
 * (`snapshots.max_message_size`).
 */
const MAX_FRAME_POINTS = 1200;

/** Returns `RTMaps freeze-frame`. */
const frameName = (layout: Layout): string => `${layout.declaration.runtime} freeze-frame`;

/** Returns the name of a fault: `RTMaps fault PROTECTIVE_STOP`. */
const faultName = (layout: Layout, code: string): string => `${layout.declaration.runtime} fault ${code}`;

/** Returns the recent history of a fault's ports: `{port: {value, history: [[microseconds, value], …]}}`. */
function frameData(layout: Layout, { app, fault }: IndexedFault, memory: PortMemory): JsonObject {
  const ports = layout.ports.filter(
    ({ app: { id }, port }) => id === app.id && (fault.ports?.includes(port.id) ?? true),
  );
  const most = Math.max(2, Math.floor(MAX_FRAME_POINTS / Math.max(1, ports.length)));
  return Object.fromEntries(
    ports.map(({ port, at }) => [
      port.id,
      { value: memory.value(at) ?? null, history: thinned(memory.history(at), most) as JsonValue },
    ]),
  );
}

/** Reduces to at most `most` points, spread over the whole time, including the last one. */
function thinned(points: readonly PortPoint[], most: number): readonly PortPoint[] {
  if (points.length <= most) return points;
  const step = (points.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => points[Math.round(index * step)] as PortPoint);
}

/** Returns the current freeze frame of a fault as evidence for its report; empty before the first state. */
export function freezeFrame(layout: Layout, indexed: IndexedFault, memory: PortMemory): readonly BufferedTopic[] {
  const { receivedNs } = memory;
  if (receivedNs === undefined) return [];
  const octets = new TextEncoder().encode(stringifyJson(frameData(layout, indexed, memory)));
  const topic = `/${indexed.app.id}/${frameName(layout)}`;
  return [{ topic, type: FRAME_TYPE, samples: [{ octets, receivedNs }] }];
}

/** Decodes a stored frame; `undefined` for types of other runtimes. Throws if it is not JSON. */
export function decodedFrame(type: string, octets: Uint8Array): SampledJson | undefined {
  return type === FRAME_TYPE ? parseJson(new TextDecoder().decode(octets)) : undefined;
}

/**
 * Returns the fault record of the runtime, with its newest frame. The history is as captured; the values are current if
 * the port still exists.
 */
export function faultRecord(
  layout: Layout,
  indexed: IndexedFault,
  frames: readonly FreezeFrame[],
  memory: PortMemory | undefined,
): FaultRecord {
  const name = faultName(layout, indexed.fault.code);
  const data = frames.find(({ messageType, problem }) => messageType === FRAME_TYPE && problem === undefined)?.data;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return { name };
  const values = Object.entries(data as JsonObject).map(([id, recorded]) => {
    const at = layout.ports.find(({ app, port }) => app.id === indexed.app.id && port.id === id)?.at;
    const value = at === undefined ? undefined : memory?.value(at);
    return [id, value === undefined ? recorded : { ...(recorded as JsonObject), value }] as const;
  });
  return { name, frame: { name: frameName(layout), data: Object.fromEntries(values) } };
}
