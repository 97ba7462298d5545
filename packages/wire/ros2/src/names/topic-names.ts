/** What a DDS topic carries for ROS: a topic, or one half of a service. */
export interface RosTopic {
  readonly kind: 'topic' | 'request' | 'reply';
  /** `/scan`, `/add_two_ints`. */
  readonly name: string;
}

/** The DDS topic of a ROS topic, or of a service's requests or replies, given its full name. */
export function ddsTopicName({ kind, name }: RosTopic): string {
  if (kind === 'topic') return `rt${name}`;
  return kind === 'request' ? `rq${name}Request` : `rr${name}Reply`;
}

/** What a DDS topic carries, or `undefined` where it is none of ROS (the prefix is missing). */
export function parseDdsTopicName(ddsName: string): RosTopic | undefined {
  if (ddsName[2] !== '/' || ddsName.length < 4) return undefined;
  const name = ddsName.slice(2);
  switch (ddsName.slice(0, 2)) {
    case 'rt':
      return { kind: 'topic', name };
    case 'rq':
      return serviceHalf('request', name, 'Request');
    case 'rr':
      return serviceHalf('reply', name, 'Reply');
    default:
      return undefined;
  }
}

function serviceHalf(kind: 'request' | 'reply', name: string, suffix: string): RosTopic | undefined {
  if (!name.endsWith(suffix) || name.length < suffix.length + 2) return undefined;
  return { kind, name: name.slice(0, -suffix.length) };
}
