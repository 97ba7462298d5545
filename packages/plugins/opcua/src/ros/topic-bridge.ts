import { errorMessage, type Log } from '@medkit/core';
import type { ChangedValues } from '@medkit/opcua';
import type { RosAccess } from '@medkit/plugin';
import { type LocalNode, type Publisher, SENSOR_DATA_PROFILE } from '@medkit/ros2';
import type { MappedNode } from '../node-map/node-map.ts';
import type { Plc } from '../plc/plc.ts';
import { FLOAT } from '../serving/plc-data.ts';

/**
 * Maximum topics of a gateway: each is announced to every node of the robot. A browsed PLC may have thousands of
 * values.
 */
const MAX_TOPICS = 1000;

/** Publishes the numbers of PLCs as topics in the ROS graph. */
export interface TopicBridge {
  isPublished(plc: Plc, node: MappedNode): boolean;
  /** Starts publishing the nodes of a PLC. */
  cover(plc: Plc): Promise<void>;
  take(plc: Plc, values: ChangedValues): void;
  close(): Promise<void>;
}

/** Bridge of a gateway without a graph: publishes nothing. */
export const NO_BRIDGE: TopicBridge = {
  isPublished: () => false,
  cover: async () => undefined,
  take: () => undefined,
  close: async () => undefined,
};

/** Opens a ROS node for the values of PLCs. */
export async function openTopicBridge(ros: RosAccess, log: Log): Promise<TopicBridge> {
  const node = await ros.node({ name: '_medkit_opcua' });
  return new OpenBridge(node, log);
}

class OpenBridge implements TopicBridge {
  readonly #node: LocalNode;
  readonly #log: Log;
  /** By node id; PLCs with the same program have the same ids. */
  readonly #publishers = new Map<Plc, Map<string, Publisher>>();
  #count = 0;
  #covering: Promise<void> = Promise.resolve();
  #isFull = false;
  #isClosed = false;

  constructor(node: LocalNode, log: Log) {
    this.#node = node;
    this.#log = log;
  }

  isPublished(plc: Plc, { nodeId }: MappedNode): boolean {
    return this.#publishers.get(plc)?.has(nodeId) ?? false;
  }

  /** One PLC at a time, so that no node gets two publishers. */
  cover(plc: Plc): Promise<void> {
    this.#covering = this.#covering.then(() => this.#cover(plc));
    return this.#covering;
  }

  async #cover(plc: Plc): Promise<void> {
    const publishers = this.#publishers.get(plc) ?? new Map<string, Publisher>();
    this.#publishers.set(plc, publishers);
    for (const { nodeId, rosTopic, type } of plc.nodes) {
      if (this.#isClosed) return;
      if (type === 'string' || type === 'json' || publishers.has(nodeId)) continue;
      if (this.#count >= MAX_TOPICS) {
        if (!this.#isFull) this.#log('warn', `Only the first ${MAX_TOPICS} values of PLCs are published as topics`);
        this.#isFull = true;
        return;
      }
      try {
        publishers.set(nodeId, await this.#node.publisher(rosTopic, FLOAT, SENSOR_DATA_PROFILE));
        this.#count += 1;
      } catch (error) {
        this.#log('warn', `Cannot create a publisher for ${rosTopic}: ${errorMessage(error)}`);
      }
    }
  }

  take(plc: Plc, values: ChangedValues): void {
    const publishers = this.#publishers.get(plc);
    for (const [nodeId, { value, quality }] of values) {
      const publisher = quality === 'bad' ? undefined : publishers?.get(nodeId);
      if (
        !publisher ||
        typeof value === 'string' ||
        typeof value === 'object' ||
        value === undefined ||
        publisher.isUnheard?.()
      )
        continue;
      publisher.publish({ data: Number(value) }).catch((error: unknown) => {
        this.#log('warn', `Cannot publish to ${publisher.topic}: ${errorMessage(error)}`);
      });
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#node.close();
  }
}
