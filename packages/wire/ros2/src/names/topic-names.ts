/** The ROS meaning of a DDS topic: a topic, or one half of a service. */
export interface RosTopic {
  readonly kind: 'topic' | 'request' | 'reply';
  /** `/scan`, `/add_two_ints`. */
  readonly name: string;
}

/** Returns the DDS topic of a ROS topic, or of a service's requests or replies, by full name. */
export function ddsTopicName({ kind, name }: RosTopic): string {
  if (kind === 'topic') return `rt${name}`;
  return kind === 'request' ? `rq${name}Request` : `rr${name}Reply`;
}

/** Returns the ROS meaning of a DDS topic, or `undefined` if it is not a ROS topic (the prefix is missing). */
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
