import { McapIndexedReader, type McapTypes } from '@mcap/core';
import { type Sample, WITHIN_MS } from '../charts/chart-series.ts';
import { thinSamples } from '../charts/thin-samples.ts';
import type { BagMessage, BagSamples, BagSummary } from './bag-messages.ts';
import { BagProblem } from './bag-problem.ts';
import { type Channel, channelsOf } from './bag-topics.ts';
import { decompressHandlers } from './decompress.ts';
import { numberAt } from './field-path.ts';
import { withinBudget } from './message-budget.ts';
import type { RangeSource } from './range-source.ts';
import { type DecodeMessage, topicDecoders } from './topic-decoder.ts';

/** Maximum chunks read for one series; of longer recordings, an even selection. */
const MAX_CHUNKS = 64;
const NS_PER_MS = 1_000_000n;

/** A recording that is read by its index. Methods throw if the file is malformed. */
export interface BagReader {
  readonly summary: BagSummary;
  samples(topic: string, path: string, fromMs: number, toMs: number, maxCount: number): Promise<BagSamples>;
  /** Returns the last message of a topic at or before a moment, to the millisecond. */
  message(topic: string, ms: number): Promise<BagMessage | undefined>;
  /**
   * Returns the recording time of the next message after (1) or before (−1) a moment, or `undefined` if there is none.
   */
  momentBeside(topic: string, ms: number, steps: 1 | -1): Promise<number | undefined>;
}

/** Opens an MCAP recording. Throws `BagProblem`, or an `Error` of the reader, if it is invalid. */
export async function openBagReader(source: RangeSource): Promise<BagReader> {
  const reader = await McapIndexedReader.Initialize({ readable: source, decompressHandlers: decompressHandlers() });
  const channels = channelsOf(reader);
  const decoders = topicDecoders();
  const chunks = reader.chunkIndexes;
  const starts = chunks.map(({ messageStartTime }) => messageStartTime);
  const ends = chunks.map(({ messageEndTime }) => messageEndTime);
  const summary: BagSummary = {
    topics: [...channels.values()].map(({ name, type, count, problem }) => ({
      name,
      type,
      count,
      ...(problem !== undefined && { problem }),
    })),
    startMs: starts.length === 0 ? 0 : msOf(starts.reduce((a, b) => (a < b ? a : b))),
    endMs: ends.length === 0 ? 0 : msOf(ends.reduce((a, b) => (a > b ? a : b))),
    messages: Number(reader.statistics?.messageCount ?? 0n),
    size: Number(await source.size()),
  };

  function channelOf(topic: string): Channel {
    const channel = channels.get(topic);
    if (!channel) throw new BagProblem('no-topic', topic);
    return channel;
  }
  function decoderOf({ schema, problem }: Channel): DecodeMessage {
    if (!schema) throw new Error(problem);
    return decoders(schema);
  }
  /** Returns the chunks with messages of a channel. */
  function chunksOf({ ids }: Channel): readonly McapTypes.ChunkIndex[] {
    return chunks.filter(({ messageIndexOffsets }) => [...ids].some((id) => messageIndexOffsets.has(id)));
  }
  /** Yields the messages of a channel in a time range, and sets `isThinned` if it skips chunks. */
  async function* messagesOf(channel: Channel, from: bigint, to: bigint, progress: { isThinned: boolean }) {
    const within = chunksOf(channel).filter(
      ({ messageStartTime, messageEndTime }) => messageStartTime <= to && messageEndTime >= from,
    );
    progress.isThinned = within.length > MAX_CHUNKS;
    if (!progress.isThinned) {
      yield* reader.readMessages({ topics: [channel.name], startTime: from, endTime: to });
      return;
    }
    const step = within.length / MAX_CHUNKS;
    for (let place = 0; place < MAX_CHUNKS; place += 1) {
      const { messageStartTime, messageEndTime } = within[Math.floor(place * step)]!;
      yield* reader.readMessages({
        topics: [channel.name],
        startTime: messageStartTime < from ? from : messageStartTime,
        endTime: messageEndTime > to ? to : messageEndTime,
      });
    }
  }

  return {
    summary,
    async samples(topic, path, fromMs, toMs, maxCount) {
      const channel = channelOf(topic);
      const decode = decoderOf(channel);
      const progress = { isThinned: false };
      let samples: Sample[] = [];
      for await (const { logTime, data } of messagesOf(channel, nsOf(fromMs, false), nsOf(toMs, true), progress)) {
        const value = numberAt(decode(data), path);
        samples.push([msOf(logTime), value ?? Number.NaN]);
        if (samples.length < maxCount * 4) continue;
        samples = [...thinSamples(samples, maxCount * 2)];
        progress.isThinned = true;
      }
      return { samples: thinSamples(samples, maxCount), isThinned: progress.isThinned || samples.length > maxCount };
    },
    async message(topic, ms) {
      const decode = decoderOf(channelOf(topic));
      const until = nsOf(ms + WITHIN_MS, false);
      for await (const { logTime, data } of reader.readMessages({ topics: [topic], endTime: until, reverse: true })) {
        return { ms: msOf(logTime), ...withinBudget(decode(data)) };
      }
      return undefined;
    },
    async momentBeside(topic, ms, steps) {
      channelOf(topic);
      const beside =
        steps > 0 ? { startTime: nsOf(ms + WITHIN_MS, false) } : { endTime: nsOf(ms - WITHIN_MS, true), reverse: true };
      for await (const { logTime } of reader.readMessages({ topics: [topic], ...beside })) return msOf(logTime);
      return undefined;
    },
  };
}

/** Converts nanoseconds to milliseconds with microsecond precision. */
function msOf(ns: bigint): number {
  return Number(ns / NS_PER_MS) + Number(ns % NS_PER_MS) / 1e6;
}

/**
 * Converts milliseconds to nanoseconds since 1970. Extends a rounded time by 1 µs outward, so that it includes the
 * original.
 */
function nsOf(ms: number, isEnd: boolean): bigint {
  if (!Number.isFinite(ms)) return isEnd ? 2n ** 63n - 1n : 0n;
  const whole = Math.floor(ms);
  const ns = BigInt(whole) * NS_PER_MS + BigInt(Math.round((ms - whole) * 1e6));
  return ns < 0n ? 0n : ns + (isEnd ? 1000n : -1000n);
}
