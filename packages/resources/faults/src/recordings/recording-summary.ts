import { join } from 'node:path';
import type { JsonObject } from '@medkit/core';
import { yaml } from '@medkit/documents';
import type { Files } from '@medkit/edges';
import { METADATA_FILE } from './files/bag.ts';

/** Maximum topics in one summary, and maximum cached summaries. */
const MAX_TOPICS = 200;
const MAX_REMEMBERED = 128;
const NS_PER_MS = 1_000_000;

/**
 * Returns the summary of a recording for lists: `topics`, `start`, `end`, `compression`; `undefined` if it has no
 * metadata.
 */
export type Summaries = (path: string, format: string) => Promise<JsonObject | undefined>;

/** Reads the rosbag2 metadata of recordings. Each is read once, because a finished recording never changes. */
export function recordingSummaries(files: Pick<Files, 'readText'>): Summaries {
  /** Least recently used first. */
  const remembered = new Map<string, JsonObject>();
  return async (path, format) => {
    const known = remembered.get(path);
    if (known) {
      remembered.delete(path);
      remembered.set(path, known);
      return known;
    }
    const text = await files.readText(join(path, METADATA_FILE));
    const summary = text === undefined ? undefined : summaryOf(yaml().parse(text)?.rosbag2_bagfile_information, format);
    if (!summary) return undefined;
    remembered.set(path, summary);
    const [oldest] = remembered.keys();
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    return summary;
  };
}

function summaryOf(information: unknown, format: string): JsonObject | undefined {
  const { topics_with_message_count: topics, starting_time, duration, compression_format } = fieldsOf(information);
  if (!Array.isArray(topics)) return undefined;
  const startNs = Number(fieldsOf(starting_time)['nanoseconds_since_epoch']);
  const lengthNs = Number(fieldsOf(duration)['nanoseconds']);
  const isTimed = Number.isFinite(startNs) && startNs > 0 && Number.isFinite(lengthNs);
  return {
    topics: topics.slice(0, MAX_TOPICS).flatMap((topic) => topicOf(fieldsOf(topic))),
    ...(isTimed && { start: isoTime(startNs), end: isoTime(startNs + lengthNs) }),
    compression: compressionOf(compression_format, format),
  };
}

function topicOf({ topic_metadata, message_count: count }: Readonly<Record<string, unknown>>) {
  const { name, type } = fieldsOf(topic_metadata);
  if (typeof name !== 'string' || typeof type !== 'string' || typeof count !== 'number') return [];
  return [{ name, type, count }];
}

/**
 * Returns the compression of whole files, if rosbag2 compressed them. MCAP chunks are compressed individually, if that
 * makes them smaller.
 */
function compressionOf(ofFiles: unknown, format: string): string {
  if (typeof ofFiles === 'string' && ofFiles !== '') return ofFiles;
  return format === 'mcap' ? 'zstd' : 'none';
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function isoTime(ns: number): string {
  return new Date(ns / NS_PER_MS).toISOString();
}
