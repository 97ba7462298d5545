import type { McapIndexedReader, McapTypes } from '@mcap/core';
import type { BagTopic } from './bag-messages.ts';
import { BagProblem } from './bag-problem.ts';
import { channelProblem } from './topic-decoder.ts';

const MAX_TOPICS = 2000;

/** A topic of a recording with what its messages are read by. */
export interface Channel extends BagTopic {
  readonly ids: ReadonlySet<number>;
  /** `undefined` where `problem` says why its messages are not read. */
  readonly schema: McapTypes.Schema | undefined;
}

type Growing = { -readonly [Name in keyof Channel]: Channel[Name] } & { readonly ids: Set<number> };

/** The topics of a recording by name, in the order of their names. */
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
    // One topic by several publishers, as some recorders have it: read as the first one is, where they are of one type.
    known.count += count;
    known.ids.add(channel.id);
    if (known.type !== (schema?.name ?? '')) {
      known.schema = undefined;
      known.problem = new BagProblem('two-types').message;
    }
  }
  return new Map([...channels].sort(([a], [b]) => (a < b ? -1 : 1)));
}
