import { atLeast, type BeaconSettings, hintOptions, hintSettings } from '@medkit/beacon';
import Type from 'typebox';

const TTL_SEC = 10;

export const Options = Type.Object(
  {
    topic: Type.String({
      default: '/ros2_medkit/discovery',
      minLength: 1,
      description: 'Topic on which nodes announce themselves.',
    }),
    max_messages_per_second: Type.Number({
      default: 100,
      maximum: 1_000_000,
      description: 'Maximum messages per second of each publisher; further ones are dropped and counted.',
    }),
    ...hintOptions(TTL_SEC),
  },
  { additionalProperties: false },
);
export type Options = Type.Static<typeof Options>;

export interface TopicBeaconSettings {
  readonly topic: string;
  readonly messagesPerSecond: number;
  readonly hints: BeaconSettings;
}

/** Converts the options to settings; calls `notice` for each value that was changed. */
export function settingsOf(options: Options, notice: (message: string) => void): TopicBeaconSettings {
  return {
    topic: options.topic,
    messagesPerSecond: atLeast('max_messages_per_second', options.max_messages_per_second, 1, notice),
    hints: hintSettings(options, notice),
  };
}
