import { FAULT_SEVERITIES, parseFaultSeverity } from '@medkit/contract';
import { DAY_NAMES, parseDay, parseHours, parseZone } from '@medkit/core';
import { nearestName } from '@medkit/documents';
import type { Files } from '@medkit/edges';
import type { Receiver } from '@medkit/notify';
import { type Endpoint, RECEIVER_KINDS, type ReceiverKind, type ReceiverType } from '@medkit/notify/kinds';
import type { Assignment } from './assignment.ts';
import { absolutePath, type Folders } from './folders.ts';
import { isReceiverName, RECEIVER_PREFIX } from './receiver-keys.ts';
import { ENDPOINT_OPTIONS, OPTIONS, TYPES } from './receiver-options.ts';

const MAX_RECEIVERS = 32;
const MINUTE_MS = 60_000;
const MAX_MINUTES = 7 * 24 * 60;
const ALL_DAYS = [0, 1, 2, 3, 4, 5, 6];

/** A row of the effective settings, for display. */
export interface ReceiverRow {
  readonly key: string;
  readonly value: string | readonly string[];
  readonly origin: string;
  readonly about: string;
  readonly secret?: true;
}

export interface ReceiverReading {
  readonly receivers: readonly Receiver[];
  readonly rows: readonly ReceiverRow[];
  /** Reasons why the gateway must not start: a receiver that cannot be reached would go unnoticed. */
  readonly refusals: readonly string[];
}

export interface ReceiverLocations {
  readonly files: Pick<Files, 'readText'>;
  readonly folders: Folders;
  /** Time zone of the machine, for receivers without one. */
  readonly zone: string;
}

/** Reads the settings of receivers; of several assignments of a key, the last one applies. */
export async function readReceivers(
  assignments: readonly Assignment[],
  places: ReceiverLocations,
): Promise<ReceiverReading> {
  const byName = Map.groupBy(assignments, ({ key }) => key.slice(RECEIVER_PREFIX.length).split('.', 1)[0] as string);
  const refusals: string[] = [];
  const receivers: Receiver[] = [];
  for (const [name, group] of byName) {
    const reading = new ReceiverReader(name, group, places, refusals);
    if (!isReceiverName(name)) reading.refuse(undefined, 'a name must have 1 to 64 letters, digits, - or _');
    const receiver = await reading.receiver();
    if (receiver) receivers.push(receiver);
  }
  if (byName.size > MAX_RECEIVERS)
    refusals.push(`notify.receivers: ${byName.size} receivers are configured, the maximum is ${MAX_RECEIVERS}`);
  return { receivers, rows: rowsOf(assignments), refusals };
}

function rowsOf(assignments: readonly Assignment[]): readonly ReceiverRow[] {
  const last = new Map(assignments.map((assignment) => [assignment.key, assignment] as const));
  return [...last.values()].flatMap(({ key, value, origin }) => {
    const name = key.split('.').at(-1) ?? '';
    const option = OPTIONS[name] ?? OPTIONS[name.replace(/_file$/, '')];
    const about = option?.about ?? 'Type of the receiver.';
    if (value === null) return [];
    return [
      OPTIONS[name]?.secret ? { key, value: 'not shown', origin, about, secret: true } : { key, value, origin, about },
    ];
  });
}

/** Reads the settings of one receiver. */
class ReceiverReader {
  readonly #name: string;
  readonly #assignments: ReadonlyMap<string, Assignment>;
  readonly #places: ReceiverLocations;
  readonly #refusals: string[];
  readonly #origin: string;

  constructor(name: string, assignments: readonly Assignment[], places: ReceiverLocations, refusals: string[]) {
    this.#name = name;
    this.#assignments = new Map(
      assignments.map((assignment) => [assignment.key.slice(RECEIVER_PREFIX.length + name.length + 1), assignment]),
    );
    this.#places = places;
    this.#refusals = refusals;
    this.#origin = assignments[0]?.origin ?? '';
  }

  refuse(option: string | undefined, reason: string): undefined {
    const key = `${RECEIVER_PREFIX}${this.#name}${option === undefined ? '' : `.${option}`}`;
    const origin = option === undefined ? this.#origin : (this.#assignments.get(option)?.origin ?? this.#origin);
    this.#refusals.push(`${key}: ${reason} (${origin})`);
    return undefined;
  }

  async receiver(): Promise<Receiver | undefined> {
    const before = this.#refusals.length;
    const type = this.#type();
    if (type === undefined) return undefined;
    this.#judgeKeys(type);
    const endpoint = await this.#endpoint(type);
    const zone = this.#value('zone', parseZone) ?? this.#places.zone;
    const days = this.#days();
    const route = {
      name: this.#name,
      leastSeverity: this.#value('severity', parseFaultSeverity) ?? FAULT_SEVERITIES.names.indexOf('warning'),
      entities: this.#texts('entities'),
      sites: this.#texts('sites'),
      groups: this.#texts('groups'),
      hours: this.#hours('hours', days) ?? (days === undefined ? [] : [{ days, fromMinute: 0, toMinute: 0 }]),
      quiet: this.#hours('quiet', ALL_DAYS) ?? [],
      zone,
      breaksQuiet: this.#value('quiet_unless', parseFaultSeverity) ?? FAULT_SEVERITIES.names.indexOf('critical'),
      repeatMs: (this.#number('repeat_min', MAX_MINUTES) ?? 0) * MINUTE_MS,
      maxRepeats: this.#number('repeat_max', 1000, true) ?? 5,
      afterMs: (this.#number('after_min', MAX_MINUTES) ?? 0) * MINUTE_MS,
      notifiesHealed:
        this.#value('healed', (text) => ({ true: true, false: false, yes: true, no: false })[text]) ?? true,
    };
    return endpoint && this.#refusals.length === before ? { ...route, ...endpoint } : undefined;
  }

  #type(): ReceiverType | undefined {
    const text = this.#text('type');
    const type = TYPES.find((known) => known === text);
    if (type) return type;
    if (text === undefined) return this.refuse(undefined, `type is missing: ${TYPES.join(', ')}`);
    const nearest = nearestName(text, TYPES);
    const advice = nearest === undefined ? '' : `. Did you mean ${nearest}?`;
    return this.refuse('type', `"${text}" is not one of ${TYPES.join(', ')}${advice}`);
  }

  #judgeKeys(type: ReceiverType): void {
    const { options }: ReceiverKind<never> = RECEIVER_KINDS[type];
    const unsupported = ENDPOINT_OPTIONS.filter((name) => options[name] === undefined);
    const known = Object.entries(OPTIONS).flatMap(([name, { secret }]) =>
      unsupported.some((option) => option === name) ? [] : secret ? [name, `${name}_file`] : [name],
    );
    for (const key of this.#assignments.keys()) {
      if (key === 'type' || key === 'name' || known.includes(key)) continue;
      const nearest = nearestName(key, known);
      this.refuse(
        key,
        `a receiver of the type ${type} has no such option${nearest === undefined ? '' : `. Did you mean ${nearest}?`}`,
      );
    }
  }

  async #endpoint(type: ReceiverType): Promise<Endpoint | undefined> {
    const before = this.#refusals.length;
    const { defaultUrl, options, optionProblem }: ReceiverKind<never> = RECEIVER_KINDS[type];
    const url = this.#url((await this.#secret('url')) ?? defaultUrl);
    const supported = ENDPOINT_OPTIONS.filter((name) => options[name] !== undefined);
    const values = new Map<string, string | number>();
    for (const name of supported) {
      const value =
        name === 'thread' ? this.#number(name, Number.MAX_SAFE_INTEGER, true) : await this.#secretOrText(name);
      if (value !== undefined) values.set(name, value);
    }
    if (url === undefined) this.#refuseMissing('url');
    for (const name of supported) if (options[name] === 'required' && !values.has(name)) this.#refuseMissing(name);
    for (const name of supported) {
      const value = values.get(name);
      const problem = typeof value === 'string' ? optionProblem?.(name, value) : undefined;
      if (problem !== undefined) this.refuse(name, problem);
    }
    if (this.#refusals.length > before || url === undefined) return undefined;
    const fields = [...values].map(([name, value]) => [name === 'routing_key' ? 'routingKey' : name, value] as const);
    return { type, url, ...Object.fromEntries(fields) } as Endpoint;
  }

  /** Refuses a missing option, unless a setting of it was already refused. */
  #refuseMissing(name: string): void {
    if (this.#assignments.has(name) || this.#assignments.has(`${name}_file`)) return;
    this.refuse(undefined, `${name}${OPTIONS[name]?.secret ? ` or ${name}_file` : ''} is missing`);
  }

  #secretOrText(name: string): Promise<string | undefined> | string | undefined {
    return OPTIONS[name]?.secret ? this.#secret(name) : this.#text(name);
  }

  #url(text: string | undefined): string | undefined {
    if (text === undefined) return undefined;
    const isOne = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && !text.includes('#');
    // The URL may contain a secret: it is not repeated.
    if (!isOne) return this.refuse('url', 'it is not an absolute http: or https: address');
    const { username, password } = new URL(text);
    return username + password === ''
      ? text
      : this.refuse('url', 'it contains a user or a password: use token instead');
  }

  /** Returns a secret from its setting or its file. */
  async #secret(name: string): Promise<string | undefined> {
    const file = this.#text(`${name}_file`);
    const text = this.#text(name);
    if (file === undefined) return text;
    if (text !== undefined) return this.refuse(`${name}_file`, `${name} and ${name}_file are both set: remove one`);
    const path = absolutePath(file, this.#places.folders);
    const read = (await this.#places.files.readText(path).catch(() => undefined))?.trim();
    return read || this.refuse(`${name}_file`, `cannot read ${path}`);
  }

  #text(name: string): string | undefined {
    const value = this.#assignments.get(name)?.value;
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string') return value.trim();
    return value.length === 1 ? value[0] : this.refuse(name, 'it takes one value, not a list');
  }

  #texts(name: string): readonly string[] {
    const value = this.#assignments.get(name)?.value ?? [];
    const texts = typeof value === 'string' ? value.split(',') : value;
    return texts.map((text) => text.trim()).filter((text) => text !== '');
  }

  #value<T>(name: string, read: (text: string) => T | undefined): T | undefined {
    const text = this.#text(name);
    if (text === undefined) return undefined;
    const value = read(text);
    if (value !== undefined) return value;
    const kind = OPTIONS[name]?.kind;
    const wanted =
      kind === 'severity'
        ? `one of ${FAULT_SEVERITIES.names.join(', ')}`
        : kind === 'zone'
          ? 'a time zone such as Europe/Berlin'
          : 'true or false';
    return this.refuse(name, `"${text}" is not ${wanted}`);
  }

  #number(name: string, max: number, whole = false): number | undefined {
    const text = this.#text(name);
    if (text === undefined) return undefined;
    const number = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (number <= max && (!whole || Number.isInteger(number))) return number;
    return this.refuse(name, `"${text}" is not a ${whole ? 'whole ' : ''}number from 0 to ${max}`);
  }

  #days(): readonly number[] | undefined {
    if (!this.#assignments.has('days')) return undefined;
    return this.#texts('days').flatMap((text) => {
      const day = parseDay(text);
      return day ?? this.refuse('days', `"${text}" is not one of ${DAY_NAMES.join(', ')}`) ?? [];
    });
  }

  #hours(name: string, days: readonly number[] | undefined) {
    if (!this.#assignments.has(name)) return undefined;
    return this.#texts(name).flatMap((text) => {
      const hours = parseHours(text, days ?? ALL_DAYS);
      return typeof hours === 'string' ? (this.refuse(name, hours) ?? []) : [hours];
    });
  }
}
