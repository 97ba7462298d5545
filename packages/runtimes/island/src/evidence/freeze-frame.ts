import {
  type FaultRecord,
  type FreezeFrame,
  type JsonObject,
  type JsonValue,
  parseJson,
  stringifyJson,
} from '@medkit/core';
import type { HeldTopic, SampledJson } from '@medkit/faults';
import type { LaidFault, Layout } from '../declared/layout.ts';
import type { PortMemory, PortPoint } from '../ports/port-memory.ts';

/** The type under which frames are stored: JSON text, which only this runtime reads. */
const FRAME_TYPE = 'medkit_island/msg/FreezeFrame';

/** Points of a frame, about 40 octets each: with their names they fit into a message that is kept whole (`snapshots.max_message_size`). */
const MAX_FRAME_POINTS = 1200;

/** `RTMaps freeze-frame` */
const frameName = (layout: Layout): string => `${layout.declaration.runtime} freeze-frame`;

/** What a fault is called: `RTMaps fault PROTECTIVE_STOP`. */
export const faultName = (layout: Layout, code: string): string => `${layout.declaration.runtime} fault ${code}`;

/** The ports of a fault as they were in the last moments: `{port: {value, history: [[microseconds, value], …]}}`. */
function frameData(layout: Layout, { app, fault }: LaidFault, memory: PortMemory): JsonObject {
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

/** So many of the points at most, over the whole of their time, the last among them. */
function thinned(points: readonly PortPoint[], most: number): readonly PortPoint[] {
  if (points.length <= most) return points;
  const step = (points.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => points[Math.round(index * step)] as PortPoint);
}

/** The freeze frame of a fault at this moment, as evidence that goes with its report; nothing before the first state. */
export function freezeFrame(layout: Layout, laid: LaidFault, memory: PortMemory): readonly HeldTopic[] {
  const { receivedNs } = memory;
  if (receivedNs === undefined) return [];
  const octets = new TextEncoder().encode(stringifyJson(frameData(layout, laid, memory)));
  const topic = `/${laid.app.id}/${frameName(layout)}`;
  return [{ topic, type: FRAME_TYPE, samples: [{ octets, receivedNs }] }];
}

/** What was stored as a frame; `undefined` for what is none of this runtime. Throws where it is no JSON. */
export function decodedFrame(type: string, octets: Uint8Array): SampledJson | undefined {
  return type === FRAME_TYPE ? parseJson(new TextDecoder().decode(octets)) : undefined;
}

/**
 * A fault as the runtime records it. The frame is the newest that was taken: how the ports got there stands still, and each has
 * the value that it has now, as far as it still says one.
 */
export function faultRecord(
  layout: Layout,
  laid: LaidFault,
  frames: readonly FreezeFrame[],
  memory: PortMemory | undefined,
): FaultRecord {
  const name = faultName(layout, laid.fault.code);
  const data = frames.find(({ messageType, problem }) => messageType === FRAME_TYPE && problem === undefined)?.data;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return { name };
  const shown = Object.entries(data as JsonObject).map(([id, told]) => {
    const at = layout.ports.find(({ app, port }) => app.id === laid.app.id && port.id === id)?.at;
    const value = at === undefined ? undefined : memory?.value(at);
    return [id, value === undefined ? told : { ...(told as JsonObject), value }] as const;
  });
  return { name, frame: { name: frameName(layout), data: Object.fromEntries(shown) } };
}
