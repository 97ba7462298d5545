import { OwnedMap, type QuotaFigures } from '@medkit/edges';
import type { RosMessage } from '@medkit/ros2';
import { type DiagnosticFigures, diagnosticFigures } from './diagnostic-figures.ts';

/** What `/diagnostics` said of a topic, and when last. */
export interface DiagnosticSample extends DiagnosticFigures {
  /** Monotonic. */
  readonly atMs: number;
  /** FQN of the node that said it last, where that is known. */
  readonly source: string | undefined;
}

/** Topics that figures are kept of; a further one takes the place of the oldest one of the node that has the most. */
export const MAX_TOPICS = 512;
/** Statuses of one message that are looked at. */
const MAX_STATUSES = 4096;
/** A longer name is that of no topic: DDS has 256 octets for it. */
const MAX_NAME_LENGTH = 256;

/** What was said on `/diagnostics` of each topic: the name of a status is that of its topic. */
export class DiagnosticCache {
  readonly #samples = new OwnedMap<string, DiagnosticSample>(MAX_TOPICS, ({ source }) => source);

  get size(): number {
    return this.#samples.size;
  }

  /** Takes in a `diagnostic_msgs/msg/DiagnosticArray` that came at `atMs` from the node `source`. */
  take(message: RosMessage, source: string | undefined, atMs: number): void {
    const statuses = message.status as readonly RosMessage[];
    for (const { name, values } of statuses.slice(0, MAX_STATUSES)) {
      const topic = String(name);
      const figures = topic.length > MAX_NAME_LENGTH ? undefined : diagnosticFigures(values as readonly RosMessage[]);
      if (!figures) continue;
      const sample = { ...this.#samples.get(topic), ...figures, atMs, source };
      if (this.#samples.has(topic)) this.#samples.set(topic, sample);
      else this.#samples.keep(topic, sample);
    }
  }

  /** Topics by the nodes that said something of them. */
  figures(): QuotaFigures {
    return this.#samples.figures();
  }

  get(topic: string): DiagnosticSample | undefined {
    return this.#samples.get(topic);
  }
}
