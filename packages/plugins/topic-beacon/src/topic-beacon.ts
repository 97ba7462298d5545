import { openBeacon } from '@medkit/beacon';
import { definePlugin, PLUGIN_API_VERSION } from '@medkit/plugin';
import type { QosProfile, TopicSample } from '@medkit/ros2';
import { HINT_TYPE, hintOf } from './hint-message.ts';
import { Options, settingsOf } from './options.ts';
import { SourceLimits } from './source-limits.ts';

/** QoS of publishers of hints. */
const QOS: Partial<QosProfile> = { reliability: 'reliable', depth: 100 };

/** Receives hints that nodes publish on a topic. */
export const topicBeacon = definePlugin({
  apiVersion: PLUGIN_API_VERSION,
  name: 'topic_beacon',
  options: Options,
  setup: async (context) => {
    const { clock, log, ros } = context;
    if (!ros) throw new Error('this gateway has not joined a ROS 2 graph, so no hint can be received');
    const { topic, messagesPerSecond, hints } = settingsOf(context.options, (message) => log('warn', message));
    const limits = new SourceLimits(messagesPerSecond);
    let messages = 0;
    let overLimit = 0;
    let malformed = 0;
    const beacon = openBeacon({
      beacon: 'x-medkit-topic-beacon',
      context,
      settings: hints,
      figures: () => ({
        messages_total: messages,
        messages_over_limit_total: overLimit,
        messages_malformed_total: malformed,
        publishers: limits.sources,
      }),
    });
    const onSample = ({ gid, message }: TopicSample): void => {
      messages++;
      if (!limits.admit(gid, clock.monotonicMs())) overLimit++;
      else if (!message) malformed++;
      else beacon.take(hintOf(message, clock), gid);
    };
    const node = await ros.node({ name: '_medkit_topic_beacon' });
    await node.subscribe({ topic, type: HINT_TYPE, qos: QOS, onSample });
    return {
      ...beacon.parts,
      stop: async () => {
        await beacon.parts.stop?.();
        await node.close();
      },
    };
  },
});
