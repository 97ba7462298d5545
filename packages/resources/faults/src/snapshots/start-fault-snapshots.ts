import type { ChannelMeaning } from '@medkit/core';
import type { Notice } from '@medkit/documents';
import { type Clock, within } from '@medkit/edges';
import type { Store } from '@medkit/store';
import type { FaultConfiguration } from '../configuration/fault-settings.ts';
import type { FaultManager } from '../manager/fault-manager.ts';
import { snapshotStorage } from '../storage/snapshot-storage.ts';
import { throttledWarning } from '../throttled-warning.ts';
import type { TopicSampler } from '../topic-sampler.ts';
import { watchTopics } from './background/watched-topics.ts';
import { CaptureWriter, type CaptureWriterOptions } from './capture/capture-writer.ts';
import { completeLostCaptures } from './capture/lost-captures.ts';
import { SnapshotCapture } from './capture/snapshot-capture.ts';
import type { FaultSnapshots } from './fault-snapshots.ts';
import type { FrameRules } from './frames/topic-frame.ts';
import type { NamedTopics } from './topics/named-topics.ts';
import { absoluteTopic, configuredNames, type SnapshotTopics, topicChooser } from './topics/snapshot-topics.ts';

export interface FaultSnapshotsOptions {
  readonly manager: FaultManager;
  /** The store of the manager, opened with `FAULT_TABLES`. */
  readonly store: Store;
  readonly sampler: TopicSampler;
  readonly names: NamedTopics;
  readonly clock: Clock;
  readonly configuration: FaultConfiguration;
  /** Content of the file `snapshots.config_file`. */
  readonly topics: SnapshotTopics;
  /** Returns the meaning of topics that the file does not describe. */
  readonly meaningOf?: (topic: string) => ChannelMeaning | undefined;
  readonly onStored?: CaptureWriterOptions['onStored'];
  readonly notice: (notice: Notice) => void;
}

/** When the configured names are checked; the graph is known by then. */
const CHECK_NAMES_MS = 10_000;
/** Time for captures that are being stored when medkit stops. */
const STOP_TIMEOUT_MS = 5000;

/**
 * Captures topics when faults are confirmed, and completes captures of an earlier process. Call it before the manager
 * receives reports. Rejects with the `StoreError` of the store.
 */
export async function startFaultSnapshots(options: FaultSnapshotsOptions): Promise<FaultSnapshots> {
  const { manager, store, sampler, names, clock, configuration, topics, notice } = options;
  const storage = snapshotStorage(store);
  const lost = await storage.pending();
  const newestCaptureId = await storage.newestCaptureId();
  if (lost.length > 0) {
    const text = `${lost.length} captures were in progress when the gateway stopped: their frames contain only buffered data`;
    notice({ level: 'warning', text });
  }

  const stopping = new AbortController();
  const { signal } = stopping;
  const publishedBy: TopicSampler['publishedBy'] = (...args) => sampler.publishedBy(...args);
  const choose = topicChooser(configuration, topics, { publishedBy, topicOf: names.of });
  const named = topicChooser(configuration, topics, { publishedBy, topicOf: absoluteTopic });
  const isConfigured = (faultCode: string) => named(faultCode, []).configured;
  const { onStored } = options;
  const writer = new CaptureWriter({
    manager,
    storage,
    configuration,
    onStored,
    warn: throttledWarning(clock, notice),
  });
  const rules: FrameRules = {
    decode: (type, octets) => sampler.decode(type, octets),
    maxMessageOctets: configuration['snapshots.max_message_size'],
  };
  const intake = new SnapshotCapture({
    writer,
    storage,
    sampler,
    rules,
    clock,
    configuration,
    choose,
    newestCaptureId,
    notice,
  });
  const completing = completeLostCaptures(lost, { storage, writer, rules, isConfigured, clock, signal, notice });

  const ends: (() => void)[] = [];
  if (configuration['snapshots.enabled']) {
    manager.attendCaptures(intake);
    ends.push(manager.onCapture((intent) => intake.begin(intent)));
    const configured = configuredNames(configuration, topics);
    if (configured.length > 0) {
      const checking = clock.after(CHECK_NAMES_MS, () => names.check(configured));
      ends.push(() => checking.cancel());
    }
    if (configuration['snapshots.background_capture']) {
      const ofSources = configuration['snapshots.entity_default'];
      const historyMs = configuration['snapshots.history_sec'] * 1000;
      ends.push(watchTopics({ manager, sampler, clock, configured, topicOf: names.resolve, historyMs, ofSources }));
    }
  }
  return {
    of: async (faultCode) => {
      const frames = await storage.frames(faultCode);
      if (frames.length > 0 && !configuration['snapshots.retain_on_clear']) return frames;
      const outliving = await storage.freezeFrame(faultCode);
      return outliving === undefined ? frames : [...frames, outliving];
    },
    meaningOf: (topic) => topics.meanings.get(topic) ?? options.meaningOf?.(topic),
    facts: () => ({ ...intake.facts, lost: lost.length }),
    stop: async () => {
      stopping.abort();
      const ended = Promise.all([intake.stop(), completing]);
      await within(
        clock,
        STOP_TIMEOUT_MS,
        ended.then(() => undefined),
        () => undefined,
      );
      for (const end of ends.splice(0)) end();
    },
  };
}
