import { FLEET_CHANGE_TOPICS, type FleetChangeTopic } from '@medkit/contract';

/** Longest name of a stream that servers accept is 255 bytes; a name in another script has up to 12 for a character. */
const MAX_TOKEN_CHARS = 200;
/** Tenant in the subjects of a hub without tenants. */
const WHOLE_FLEET = 'fleet';

/** Names on the server of NATS. */
export interface ChangeSubjects {
  readonly stream: string;
  /** Subjects of a new stream: those of all tenants of the hub. */
  readonly all: string;
  /** Subjects to which this hub publishes. */
  readonly published: readonly string[];
  of(topic: FleetChangeTopic): string;
}

/** Returns the names for the changes of a hub. */
export function changeSubjects(hub: string, tenant: string | undefined, stream: string): ChangeSubjects {
  const token = subjectToken(hub);
  const base = `medkit.${token}.change`;
  const of = (topic: FleetChangeTopic): string => `${base}.${subjectToken(tenant ?? WHOLE_FLEET)}.${topic}`;
  return { stream: stream || `CHANGES_${token}`, all: `${base}.>`, published: FLEET_CHANGE_TOPICS.map(of), of };
}

/**
 * Returns a name as one token of a subject. Each byte in UTF-8 of a character that is not in `[A-Za-z0-9_-]` is `=` and two
 * hexadecimal digits: servers use names of streams as format strings, so that `%` breaks their acknowledgements.
 */
export function subjectToken(name: string): string {
  const encoded = name.replaceAll(/[^\w-]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
  return encoded.slice(0, MAX_TOKEN_CHARS).replace(/=.?$/, '') || '_';
}

/** Returns whether a subject of a stream, which may have wildcards, includes a subject. */
export function includesSubject(pattern: string, subject: string): boolean {
  const parts = pattern.split('.');
  const tokens = subject.split('.');
  const rest = parts.indexOf('>');
  if (rest >= 0 ? tokens.length <= rest : tokens.length !== parts.length) return false;
  return parts.slice(0, rest < 0 ? undefined : rest).every((part, index) => part === '*' || part === tokens[index]);
}
