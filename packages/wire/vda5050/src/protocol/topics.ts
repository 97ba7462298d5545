import { type ProtocolVersion, TOPIC_LEVELS } from './version.ts';

/** Supported topics of a robot (2.1.0, 6.5; 3.0.0, 4.3). */
export const TOPIC_NAMES = ['order', 'instantActions', 'state', 'visualization', 'connection', 'factsheet'] as const;
export type TopicName = (typeof TOPIC_NAMES)[number];

/** Identifies a robot at a broker. */
export interface RobotAddress {
  readonly version: ProtocolVersion;
  /** First level of its topics. Default: that of the standard. */
  readonly interfaceName?: string;
  readonly manufacturer: string;
  readonly serialNumber: string;
}

/** Maximum length of a level. A topic is limited to 65,535 octets, and levels should be readable. */
const MAX_LEVEL_LENGTH = 256;
const SERIAL_NUMBER = /^[A-Za-z0-9_.:-]+$/;
/** Forbidden characters: the level separator, wildcards and the prefix of broker topics (3.0.0, 4.2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: MQTT 3.1.1, 1.5.3 forbids them in names of topics
const NOT_IN_A_LEVEL = /[/+#$\u0000-\u001f\u007f]/;

/** Returns why an address cannot be used in topics, or `undefined` if it can. */
export function addressProblem({ interfaceName, manufacturer, serialNumber }: RobotAddress): string | undefined {
  const levels = { interfaceName, manufacturer, serialNumber };
  for (const [name, level] of Object.entries(levels)) {
    if (level === undefined) continue;
    if (level === '') return `${name} is empty`;
    if (level.length > MAX_LEVEL_LENGTH) return `${name} is longer than ${MAX_LEVEL_LENGTH} characters`;
    if (NOT_IN_A_LEVEL.test(level))
      return `${name} ${JSON.stringify(level)} contains one of / + # $, which are reserved in MQTT topics`;
  }
  if (SERIAL_NUMBER.test(serialNumber)) return undefined;
  return `serialNumber ${JSON.stringify(serialNumber)} contains characters other than A-Z a-z 0-9 _ . : -`;
}

/** Returns the full name of a topic of a robot, or with `+` the filter for all of them. */
export function topicOf(robot: RobotAddress, name: TopicName | '+'): string {
  const { interfaceName, majorVersion } = TOPIC_LEVELS[robot.version];
  return [robot.interfaceName ?? interfaceName, majorVersion, robot.manufacturer, robot.serialNumber, name].join('/');
}

/** Returns which topic of a robot a full name is, or `undefined` if it is none. */
export function topicNameIn(robot: RobotAddress, topic: string): TopicName | undefined {
  const levels = topicOf(robot, '+').slice(0, -1);
  const last = topic.slice(levels.length);
  return topic.startsWith(levels) ? TOPIC_NAMES.find((name) => name === last) : undefined;
}
