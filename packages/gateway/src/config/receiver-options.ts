import type { ReceiverType } from '@medkit/notify';

/** How the text is parsed. */
type Kind = 'text' | 'url' | 'minutes' | 'count' | 'severity' | 'boolean' | 'days' | 'hours' | 'zone' | 'list';

interface Option {
  readonly kind: Kind;
  /** Types of receivers that support the option; all if absent. */
  readonly of?: readonly ReceiverType[];
  /** The value may come from a file that `<name>_file` names, and is never shown. */
  readonly secret?: true;
  readonly about: string;
}

/** All options of a receiver besides its type, in the order of the documents. */
export const OPTIONS: Readonly<Record<string, Option>> = {
  url: { kind: 'url', secret: true, about: 'Address of the receiver.' },
  topic: {
    kind: 'text',
    of: ['ntfy'],
    secret: true,
    about: 'Name of the topic. Anyone who knows it can read the messages.',
  },
  token: {
    kind: 'text',
    of: ['ntfy', 'telegram', 'opsgenie', 'alertmanager', 'webhook'],
    secret: true,
    about: 'Credential of medkit: a token, for Opsgenie the API key.',
  },
  routing_key: { kind: 'text', of: ['pagerduty'], secret: true, about: 'Integration key of Events API v2.' },
  secret: { kind: 'text', of: ['webhook'], secret: true, about: 'Key that signs the messages.' },
  chat: { kind: 'text', of: ['telegram'], about: 'Number of the chat, or `@` and the name of a channel.' },
  thread: { kind: 'count', of: ['telegram'], about: 'Number of the topic within the chat.' },
  severity: { kind: 'severity', about: 'Minimum severity of incidents that are sent.' },
  entities: {
    kind: 'list',
    about:
      'Ids of areas, components, functions and apps. Sends only incidents of these entities and their descendants.',
  },
  days: { kind: 'days', about: 'Days on which the receiver is on duty.' },
  hours: { kind: 'hours', about: 'Hours in which the receiver is on duty: `08:00-17:00`.' },
  quiet: { kind: 'hours', about: 'Quiet hours: no alerts are sent.' },
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

/** Required options of each type. */
export const REQUIRED_OPTIONS: Readonly<Record<ReceiverType, readonly string[]>> = {
  ntfy: ['topic'],
  slack: ['url'],
  teams: ['url'],
  telegram: ['token', 'chat'],
  pagerduty: ['routing_key'],
  opsgenie: ['token'],
  alertmanager: ['url'],
  webhook: ['url'],
};
export const TYPES = Object.keys(REQUIRED_OPTIONS) as readonly ReceiverType[];

/** Returns the rows of the settings document: option, types that support it, description. */
export function receiverOptionRows(): readonly string[] {
  const rows = Object.entries(OPTIONS).map(([name, { of, secret, about }]) => {
    const names = secret ? `\`${name}\`, \`${name}_file\`` : `\`${name}\``;
    return `| ${names} | ${of?.join(', ') ?? 'all'} | ${about} |`;
  });
  return [`| \`type\` | all | ${TYPES.map((type) => `\`${type}\``).join(', ')} |`, ...rows];
}
