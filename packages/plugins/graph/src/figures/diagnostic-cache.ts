import { OwnedMap, type QuotaFigures } from '@medkit/edges';
import type { RosMessage } from '@medkit/ros2';
import { type DiagnosticFigures, diagnosticFigures } from './diagnostic-figures.ts';

/** Figures of a topic from `/diagnostics`, with their time. */
export interface DiagnosticSample extends DiagnosticFigures {
  /** Monotonic. */
  readonly atMs: number;
  /** FQN of the node that published it last, if known. */
  readonly source: string | undefined;
}

/** Maximum topics with stored figures; beyond it, the oldest topic of the node with the most is replaced. */
export const MAX_TOPICS = 512;
/** Maximum statuses of a message that are examined. */
const MAX_STATUSES = 4096;
/** Longer names are not topics: DDS limits them to 256 bytes. */
const MAX_NAME_LENGTH = 256;

/** Figures from `/diagnostics` by topic: the name of a status is the name of its topic. */
export class DiagnosticCache {
  readonly #samples = new OwnedMap<string, DiagnosticSample>(MAX_TOPICS, ({ source }) => source);

  get size(): number {
    return this.#samples.size;
  }

  /** Processes a `diagnostic_msgs/msg/DiagnosticArray` that arrived at `atMs` from the node `source`. */
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

  /** Counts of topics, by the node that published their figures. */
  figures(): QuotaFigures {
    return this.#samples.figures();
  }

  get(topic: string): DiagnosticSample | undefined {
    return this.#samples.get(topic);
  }
}
