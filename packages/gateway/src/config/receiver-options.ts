import { type EndpointOption, RECEIVER_KINDS, type ReceiverType } from '@medkit/notify/kinds';

/** How the text is parsed. */
type Kind = 'text' | 'url' | 'minutes' | 'count' | 'severity' | 'boolean' | 'days' | 'hours' | 'zone' | 'list';

interface Option {
  readonly kind: Kind;
  /** The value may come from a file that `<name>_file` names, and is never shown. */
  readonly secret?: true;
  readonly about: string;
}

export const TYPES = Object.keys(RECEIVER_KINDS) as readonly ReceiverType[];

/** Options that only some kinds of receivers support. */
export const ENDPOINT_OPTIONS = [
  'topic',
  'token',
  'routing_key',
  'secret',
  'chat',
  'thread',
] as const satisfies readonly EndpointOption[];

/** All options of a receiver besides its type, in the order of the documents. */
export const OPTIONS: Readonly<Record<string, Option>> = {
  url: { kind: 'url', secret: true, about: 'Address of the receiver.' },
  topic: {
    kind: 'text',
    secret: true,
    about: 'Name of the topic. Anyone who knows it can read the messages.',
  },
  token: {
    kind: 'text',
    secret: true,
    about: 'Credential of medkit: a token, for Opsgenie the API key.',
  },
  routing_key: { kind: 'text', secret: true, about: 'Integration key of Events API v2.' },
  secret: { kind: 'text', secret: true, about: 'Key that signs the messages.' },
  chat: { kind: 'text', about: 'Number of the chat, or `@` and the name of a channel.' },
  thread: { kind: 'count', about: 'Number of the topic within the chat.' },
  severity: { kind: 'severity', about: 'Minimum severity of incidents that are sent.' },
  entities: {
    kind: 'list',
    about:
      'Ids of areas, components, functions and apps. Sends only incidents of these entities and their descendants.',
  },
  sites: {
    kind: 'list',
    about: 'On a fleet hub: names of sites. Sends only incidents and outbreaks of robots at these sites.',
  },
  groups: {
    kind: 'list',
    about: 'On a fleet hub: names of groups of robots. Sends incidents and outbreaks of these robots as well.',
  },
  days: { kind: 'days', about: 'Days on which the receiver is on duty.' },
  hours: { kind: 'hours', about: 'Hours in which the receiver is on duty: `08:00-17:00`.' },
  quiet: {
    kind: 'hours',
    about: 'Quiet hours: no alerts are sent. On a fleet hub, in the time zone of the site, if it has one.',
  },
  quiet_unless: { kind: 'severity', about: 'Minimum severity of alerts that are sent in quiet hours as well.' },
  zone: { kind: 'zone', about: 'Time zone of the hours: `Europe/Berlin`.' },
  repeat_min: {
    kind: 'minutes',
    about: 'Minutes between repeated alerts until the incident is acknowledged; 0: no repetition.',
  },
  repeat_max: { kind: 'count', about: 'Maximum number of repetitions.' },
  after_min: { kind: 'minutes', about: 'Sends only incidents that are not acknowledged after this many minutes.' },
  healed: { kind: 'boolean', about: 'Sends a message when an incident ends.' },
};

/** Returns the kinds that support an option; `undefined` if all do. */
function kindsWith(name: string): readonly string[] | undefined {
  if (!ENDPOINT_OPTIONS.some((option) => option === name)) return undefined;
  return TYPES.filter((type) => Object.hasOwn(RECEIVER_KINDS[type].options, name));
}

/** Returns the rows of the settings document: option, types that support it, description. */
export function receiverOptionRows(): readonly string[] {
  const rows = Object.entries(OPTIONS).map(([name, { secret, about }]) => {
    const names = secret ? `\`${name}\`, \`${name}_file\`` : `\`${name}\``;
    return `| ${names} | ${kindsWith(name)?.join(', ') ?? 'all'} | ${about} |`;
  });
  return [`| \`type\` | all | ${TYPES.map((type) => `\`${type}\``).join(', ')} |`, ...rows];
}
