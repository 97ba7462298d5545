import { type BuiltinTopic, builtinEndpoint } from '../discovery/builtin.ts';
import type { Peer } from '../discovery/peer.ts';
import type { LocalReader } from '../reader/local-reader.ts';
import { guidOf } from '../wire/guid-octets.ts';
import type { LocalWriter } from '../writer/local-writer.ts';
import type { Matchmaker } from './matchmaker.ts';

/** Local writer and reader of a builtin topic that every participant has from the start. */
export interface BuiltinPair {
  readonly topic: BuiltinTopic;
  readonly writer: LocalWriter;
  readonly reader: LocalReader;
}

/** Matches the local builtin endpoints with those of a participant, which are not announced one by one. */
export function connectBuiltins(pairs: readonly BuiltinPair[], peer: Peer, matchmaker: Matchmaker): void {
  const { builtinEndpoints } = peer.data;
  for (const { topic, writer, reader } of pairs) {
    if (builtinEndpoints & topic.writerBit) matchmaker.connect(reader, builtinEndpoint(peer, topic, 'writer'));
    if (builtinEndpoints & topic.readerBit) matchmaker.connect(writer, builtinEndpoint(peer, topic, 'reader'));
  }
}

/** Unmatches the builtin endpoints of a removed participant. */
export function disconnectBuiltins(pairs: readonly BuiltinPair[], { prefix }: Pick<Peer, 'prefix'>): void {
  for (const { topic, writer, reader } of pairs) {
    reader.unmatch(guidOf(prefix, topic.writerId));
    writer.unmatch(guidOf(prefix, topic.readerId));
  }
}
