import type { TapOptions, TapProvider, TopicDescription } from '@medkit/faults';
import type { ReceivedState } from '@medkit/ingest';
import type { Layout } from '../declared/layout.ts';
import { portMessage, portTopic, portTopicDescription } from './port-message.ts';

export interface PortTaps extends TapProvider {
  /** Called when the runtime has sent a declaration. */
  declared(): void;
  /** Called with every state. */
  received(state: ReceivedState, receivedNs: bigint): void;
}

/** The ports of an island for the black box: one topic per app that has ports. */
export function portTaps(layout: () => Layout | undefined): PortTaps {
  const listeners = new Set<() => void>();
  const taps = new Map<TapOptions, string>();
  const topics = (): readonly TopicDescription[] =>
    (layout()?.declaration.apps ?? []).filter(({ ports }) => ports.length > 0).map(portTopicDescription);
  const described = (name: string) => topics().find((topic) => topic.name === name);
  return {
    topics,
    onTopicsChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tap: (topic, options) => {
      taps.set(options, topic.name);
      const seen = described(topic.name) ?? { ...topic, offeredQos: [], definition: undefined, typeHash: '' };
      return {
        latchedDepth: () => 0,
        describe: async () => described(topic.name) ?? seen,
        close: () => void taps.delete(options),
      };
    },
    topicsOf: (source) => {
      const { apps = [], components = [] } = layout()?.declaration ?? {};
      if (components.some(({ id }) => id === source)) {
        return apps.filter(({ component }) => component === source).map(portTopic);
      }
      const app = apps.find(({ id }) => id === source);
      return app && [portTopic(app)];
    },
    declared: () => {
      for (const listener of [...listeners]) listener();
    },
    received: ({ ports, timeUs }, receivedNs) => {
      if (taps.size === 0) return;
      const known = layout();
      for (const [{ onSample }, name] of taps) {
        const app = known?.declaration.apps.find((each) => portTopic(each) === name);
        const indexed = app && known?.portsOf(`apps/${app.id}`);
        if (!indexed || indexed.length === 0) continue;
        onSample({
          octets: portMessage(indexed, ports, timeUs),
          receivedNs,
          publishedNs: undefined,
          publisher: 'island',
        });
      }
    },
  };
}
