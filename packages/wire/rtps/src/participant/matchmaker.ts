import { debug } from '@medkit/edges';
import type { Agenda } from '../agenda.ts';
import type { DiscoveredEndpoint } from '../discovery/peer.ts';
import type { Drops } from '../drops.ts';
import type { MemoryBudget } from '../history/memory-budget.ts';
import type { ParticipantListener } from '../model/api.ts';
import type { Guid } from '../model/guid.ts';
import { incompatiblePolicies } from '../qos/matching.ts';
import { BestEffortMatch } from '../reader/best-effort-match.ts';
import type { LocalReader } from '../reader/local-reader.ts';
import { ReliableMatch } from '../reader/reliable-match.ts';
import type { WriterMatch } from '../reader/writer-match.ts';
import type { Outbox } from '../transport/outbox.ts';
import { describeLocal, type LocalLinks } from '../writer/local-links.ts';
import type { LocalWriter } from '../writer/local-writer.ts';
import { ReaderMatch } from '../writer/reader-match.ts';
import { TopicIndex } from './topic-index.ts';

type LocalEndpoint = LocalReader | LocalWriter;

interface MatchmakerOptions {
  readonly agenda: Agenda;
  readonly outbox: Outbox;
  readonly budget: MemoryBudget;
  readonly drops: Drops;
  readonly locals: LocalLinks<LocalWriter>;
  readonly listener: ParticipantListener;
}

/** Matches writers and readers of the same topic and type whose QoS is compatible (DDS 1.4, 2.2.3). */
export class Matchmaker {
  readonly #options: MatchmakerOptions;
  readonly #readers = new TopicIndex<LocalReader>();
  readonly #writers = new TopicIndex<LocalWriter>();
  readonly #remote = new TopicIndex<DiscoveredEndpoint>();
  /** Pairs reported as incompatible, so that each is reported only once. */
  readonly #incompatible = new Map<LocalEndpoint, Map<Guid, string>>();

  constructor(options: MatchmakerOptions) {
    this.#options = options;
  }

  addLocal(local: LocalEndpoint): void {
    const { topicName } = local.options;
    if (local.kind === 'reader') {
      this.#readers.add(topicName, local);
      for (const writer of this.#writers.of(topicName)) this.#linkLocals(writer, local);
    } else {
      this.#writers.add(topicName, local);
      for (const reader of this.#readers.of(topicName)) this.#linkLocals(local, reader);
    }
    for (const endpoint of this.#remote.of(topicName)) this.#evaluate(local, endpoint);
  }

  removeLocal(local: LocalEndpoint): void {
    const { topicName } = local.options;
    for (const endpoint of this.#remote.of(topicName)) this.#disconnect(local, endpoint);
    this.#incompatible.delete(local);
    const { locals } = this.#options;
    if (local.kind === 'reader') {
      this.#readers.remove(topicName, local);
      for (const writer of locals.writersOf(local)) this.#unlinkLocals(writer, local);
    } else {
      this.#writers.remove(topicName, local);
      for (const reader of locals.linkedReaders(local)) this.#unlinkLocals(local, reader);
      locals.forget(local);
    }
  }

  addRemote(endpoint: DiscoveredEndpoint): void {
    const { topicName } = endpoint.remote;
    this.#remote.add(topicName, endpoint);
    for (const local of this.#counterparts(endpoint)) this.#evaluate(local, endpoint);
  }

  removeRemote(endpoint: DiscoveredEndpoint): void {
    this.#remote.remove(endpoint.remote.topicName, endpoint);
    for (const local of this.#counterparts(endpoint)) {
      this.#disconnect(local, endpoint);
      this.#incompatible.get(local)?.delete(endpoint.remote.guid);
    }
  }

  /** Applies a changed announcement of an endpoint. Matches that are still valid are retained. */
  replaceRemote(before: DiscoveredEndpoint, after: DiscoveredEndpoint): void {
    if (before.remote.topicName !== after.remote.topicName || before.remote.typeName !== after.remote.typeName) {
      this.removeRemote(before);
      this.addRemote(after);
      return;
    }
    this.#remote.remove(before.remote.topicName, before);
    this.#remote.add(after.remote.topicName, after);
    for (const local of this.#counterparts(after)) this.#evaluate(local, after);
  }

  /** Connects without checking QoS. Used for builtin endpoints, which always match. */
  connect(local: LocalEndpoint, endpoint: DiscoveredEndpoint): void {
    if (local.kind === 'reader') this.#connectReader(local, endpoint);
    else this.#connectWriter(local, endpoint);
  }

  #counterparts({ remote }: DiscoveredEndpoint): readonly LocalEndpoint[] {
    return [...(remote.kind === 'writer' ? this.#readers : this.#writers).of(remote.topicName)];
  }

  #evaluate(local: LocalEndpoint, endpoint: DiscoveredEndpoint): void {
    const { remote } = endpoint;
    // A listener called for an earlier endpoint may have closed the next one.
    if (local.isClosed || local.kind === remote.kind || local.options.typeName !== remote.typeName) return;
    const policies =
      local.kind === 'reader'
        ? incompatiblePolicies(remote.qos, local.qos)
        : incompatiblePolicies(local.qos, remote.qos);
    const match = local.matchOf(remote.guid);
    if (policies.length > 0) this.#report(local, endpoint, policies);
    else this.#incompatible.get(local)?.delete(remote.guid);
    const wanted = policies.length === 0 && this.#accepts(local, endpoint);
    if (!wanted) this.#disconnect(local, endpoint);
    else if (!match) {
      debug.rtps?.(`${local.kind} of ${remote.topicName} matched ${remote.kind} ${remote.guid}`);
      this.connect(local, endpoint);
      this.#options.drops.guard(() => local.options.onMatched?.(remote));
    } else if (local.kind === 'writer') local.moved(match as ReaderMatch, remote, endpoint.destination);
    else (match as WriterMatch).announced(remote, endpoint.destination);
  }

  #accepts(local: LocalEndpoint, { remote }: DiscoveredEndpoint): boolean {
    let accepted = local.options.accept === undefined;
    this.#options.drops.guard(() => {
      accepted ||= local.options.accept?.(remote) === true;
    });
    return accepted;
  }

  #report(
    local: LocalEndpoint,
    { remote }: DiscoveredEndpoint,
    policies: ReturnType<typeof incompatiblePolicies>,
  ): void {
    const reported = this.#incompatible.get(local) ?? new Map<Guid, string>();
    this.#incompatible.set(local, reported);
    if (reported.get(remote.guid) === policies.join()) return;
    reported.set(remote.guid, policies.join());
    debug.rtps?.(
      `${local.kind} of ${remote.topicName} cannot match ${remote.guid}: incompatible ${policies.join(', ')}`,
    );
    const { drops, listener } = this.#options;
    drops.guard(() => listener.incompatibleQos?.({ local: local.guid, remote, policies }));
  }

  #connectReader(reader: LocalReader, { remote, destination, peer, entityId }: DiscoveredEndpoint): void {
    const { agenda, outbox, budget, drops } = this.#options;
    const reliable = reader.qos.reliability === 'reliable';
    const match = reliable
      ? new ReliableMatch({
          reader,
          writer: remote,
          isKnown: peer.wasSilent,
          destination,
          agenda,
          outbox,
          budget,
          drops,
        })
      : new BestEffortMatch({ reader, writer: remote, budget, drops, nowMs: agenda.nowMs() });
    reader.match(match);
    peer.addWriterMatch(entityId, match);
    if (match instanceof ReliableMatch) match.start(peer.earlyHeartbeat(entityId));
  }

  #connectWriter(writer: LocalWriter, { remote, expectsInlineQos, destination, peer }: DiscoveredEndpoint): void {
    const start = writer.startFor(remote.qos);
    const match = new ReaderMatch({
      reader: remote,
      destination,
      expectsInlineQos: expectsInlineQos || peer.data.expectsInlineQos,
      start,
      lastSent: Math.max(start - 1, writer.sentSequenceNumber),
    });
    peer.addReaderMatch(match, writer);
    writer.match(match);
  }

  #disconnect(local: LocalEndpoint, { remote, peer, entityId }: DiscoveredEndpoint): void {
    if (local.kind === remote.kind) return;
    if (local.kind === 'reader') {
      const match = local.unmatch(remote.guid);
      if (!match) return;
      peer.removeWriterMatch(entityId, match);
    } else {
      const match = local.unmatch(remote.guid);
      if (!match) return;
      peer.removeReaderMatch(match, local);
    }
    debug.rtps?.(`${local.kind} of ${remote.topicName} lost ${remote.kind} ${remote.guid}`);
    this.#options.drops.guard(() => local.options.onUnmatched?.(remote));
  }

  #linkLocals(writer: LocalWriter, reader: LocalReader): void {
    if (writer.options.typeName !== reader.options.typeName) return;
    if (incompatiblePolicies(writer.qos, reader.qos).length > 0) return;
    const { drops, locals } = this.#options;
    const writerInfo = describeLocal(writer);
    const readerInfo = describeLocal(reader);
    let accepted = false;
    drops.guard(() => {
      accepted = (reader.options.accept?.(writerInfo) ?? true) && (writer.options.accept?.(readerInfo) ?? true);
    });
    if (!accepted) return;
    locals.link(writer, reader);
    drops.guard(() => reader.options.onMatched?.(writerInfo));
    drops.guard(() => writer.options.onMatched?.(readerInfo));
  }

  #unlinkLocals(writer: LocalWriter, reader: LocalReader): void {
    const { drops, locals } = this.#options;
    locals.unlink(writer, reader);
    drops.guard(() => reader.options.onUnmatched?.(describeLocal(writer)));
    drops.guard(() => writer.options.onUnmatched?.(describeLocal(reader)));
  }
}
