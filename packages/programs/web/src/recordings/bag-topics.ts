import type { McapIndexedReader, McapTypes } from '@mcap/core';
import type { BagTopic } from './bag-messages.ts';
import { BagProblem } from './bag-problem.ts';
import { channelProblem } from './topic-decoder.ts';

const MAX_TOPICS = 2000;

/** A topic of a recording with the schema of its messages. */
export interface Channel extends BagTopic {
  readonly ids: ReadonlySet<number>;
  /** `undefined` if the messages cannot be read; `problem` has the reason. */
  readonly schema: McapTypes.Schema | undefined;
}

type Growing = { -readonly [Name in keyof Channel]: Channel[Name] } & { readonly ids: Set<number> };

/** Returns the topics of a recording, sorted by name. */
export function channelsOf(
  reader: Pick<McapIndexedReader, 'channelsById' | 'schemasById' | 'statistics'>,
): ReadonlyMap<string, Channel> {
  const channels = new Map<string, Growing>();
  for (const channel of reader.channelsById.values()) {
    const count = Number(reader.statistics?.channelMessageCounts.get(channel.id) ?? 0n);
    const schema = reader.schemasById.get(channel.schemaId);
    const problem = channelProblem(channel, schema)?.message;
    const known = channels.get(channel.topic);
    if (!known) {
      if (channels.size >= MAX_TOPICS) continue;
      channels.set(channel.topic, {
        name: channel.topic,
        type: schema?.name ?? '',
        count,
        ids: new Set([channel.id]),
        schema: problem === undefined ? schema : undefined,
        ...(problem !== undefined && { problem }),
      });
      continue;
    }
    // Some recorders write a channel for each publisher of a topic. They are merged if they have the same type.
    known.count += count;
    known.ids.add(channel.id);
    if (known.type !== (schema?.name ?? '')) {
      known.schema = undefined;
      known.problem = new BagProblem('two-types').message;
    }
  }
  return new Map([...channels].sort(([a], [b]) => (a < b ? -1 : 1)));
}
