import { createHash } from 'node:crypto';
import { ENTITY_KINDS, type Entity, type EntityTree } from '@medkit/core';
import { isSecretName } from '@medkit/entities';
import type { ChangeQuota } from './change-quota.ts';
import {
  bodyOf,
  type EntityBody,
  type EntityState,
  entityKey,
  entityOfKey,
  entityState,
  type HistoryRow,
  type NewRow,
  type ParameterBody,
  parameterKey,
  type ValueSource,
} from './history-row.ts';

/** Maximum characters of a stored value; of a longer one, only its change is stored. */
const MAX_VALUE = 512;
/** Longer values are compared by their hash, so that 20,000 of them do not fill the memory. */
const COMPARED_AS_TEXT = 64;
/** Maximum characters of the name of a stored parameter. */
const MAX_NAME = 256;
/** Maximum parameters of one entity in the change log. */
export const MAX_PARAMETERS_OF_ENTITY = 1000;
/** Maximum parameters of all entities in the change log. */
const MAX_PARAMETERS = 20_000;

/** A value that the gateway learned; `undefined` if the parameter no longer exists. */
export interface LearnedValue {
  readonly name: string;
  /** JSON text. */
  readonly text: string | undefined;
  readonly source: ValueSource;
}

/** A learned value with the time at which the gateway learned it. */
export interface TimedValue extends LearnedValue {
  readonly atMs: number;
}

interface Recorded {
  /** The state as JSON, without the fields of the log. */
  readonly text: string;
  readonly run: number;
  readonly isUnsteady: boolean;
}

/**
 * What the change log contains now. Returns the rows by which the log follows the tree and the parameters, and nothing
 * if nothing changed.
 */
export class RecordedState {
  readonly session: number;
  readonly #quota: ChangeQuota;
  readonly #entities = new Map<string, Recorded>();
  /** Fingerprints of the values by name, by key of the entity. Unsteady ones are not in it. */
  readonly #parameters = new Map<string, Map<string, string>>();
  #parameterCount = 0;

  /** @param rows the last row of each key in the log */
  constructor(rows: readonly HistoryRow[], session: number, quota: ChangeQuota) {
    this.session = session;
    this.#quota = quota;
    for (const { key, body } of rows) {
      const recorded = entityOfKey(key) && bodyOf<EntityBody>({ body });
      if (!recorded) continue;
      const { run, unsteady, ...state } = recorded;
      this.#entities.set(key, { text: JSON.stringify(state), run, isUnsteady: unsteady === true });
    }
  }

  /** Returns the keys of all recorded entities. */
  get entityKeys(): readonly string[] {
    return [...this.#entities.keys()];
  }

  /** Whether the log says that an app is online. */
  isOnline(key: string): boolean {
    const text = this.#entities.get(key)?.text;
    return text !== undefined && (JSON.parse(text) as EntityState).online !== false;
  }

  /**
   * Returns the row that brings an entity up to date; `undefined` if the log is, `later` if the entity has used its rows.
   * @param isRestarted whether its process may be another one than before, so that its values are unknown
   */
  entityRow(
    tree: EntityTree,
    key: string,
    { atMs, monotonicMs, isRestarted }: { atMs: number; monotonicMs: number; isRestarted: boolean },
  ): NewRow | 'later' | undefined {
    const before = this.#entities.get(key);
    const entity = entityAt(tree, key);
    const state = entity && entityState(entity);
    const text = state && JSON.stringify(state);
    const isSame = text === before?.text && !before?.isUnsteady;
    const hasValues = this.#parameters.has(key);
    if (isSame && !(isRestarted && hasValues)) return undefined;
    const quota = this.#quota.take(key, monotonicMs);
    if (quota === 'no') return 'later';
    if (isRestarted || !state) this.#forgetParameters(key);
    if (!state || text === undefined) {
      this.#entities.delete(key);
      return { atMs, key, body: undefined };
    }
    // A removed entity has no stored number: the time is above every earlier one.
    const run = before ? before.run + (isRestarted ? 1 : 0) : Math.round(atMs);
    const isUnsteady = quota === 'last';
    this.#entities.set(key, { text, run, isUnsteady });
    const body: EntityBody = { ...state, run, ...(isUnsteady && { unsteady: true }) };
    return { atMs, key, body: JSON.stringify(body) };
  }

  /** Returns the rows by which the log follows learned values of an entity. Secrets are never stored. */
  parameterRows(entity: string, values: Iterable<TimedValue>, monotonicMs: number): readonly NewRow[] {
    const run = this.#entities.get(entity)?.run;
    if (run === undefined || !this.isOnline(entity)) return [];
    return [...values].flatMap(({ name, text, source, atMs }): readonly NewRow[] => {
      if (name.length > MAX_NAME || isSecretName(name)) return [];
      const known = this.#parameters.get(entity);
      const print = text === undefined ? undefined : fingerprint(text);
      if (known?.get(name) === print) return [];
      const key = parameterKey(entity, name);
      if (text !== undefined && !this.#hasRoom(known, name)) return [];
      const quota = this.#quota.take(key, monotonicMs);
      if (quota === 'no') return [];
      // An unsteady value is not remembered: the next read writes the value that it then has.
      this.#remember(entity, name, quota === 'last' ? undefined : print);
      if (text === undefined) return [{ atMs, key, body: undefined }];
      const body: ParameterBody = {
        entity,
        name,
        ...(text.length <= MAX_VALUE && !text.endsWith('…') && { value: text }),
        source,
        session: this.session,
        run,
        ...(quota === 'last' && { unsteady: true }),
      };
      return [{ atMs, key, body: JSON.stringify(body) }];
    });
  }

  /** Returns the names of the parameters whose values are recorded. */
  parametersOf(entity: string): readonly string[] {
    return [...(this.#parameters.get(entity)?.keys() ?? [])];
  }

  #hasRoom(known: ReadonlyMap<string, string> | undefined, name: string): boolean {
    if (known?.has(name)) return true;
    return this.#parameterCount < MAX_PARAMETERS && (known?.size ?? 0) < MAX_PARAMETERS_OF_ENTITY;
  }

  #remember(entity: string, name: string, print: string | undefined): void {
    const values = this.#parameters.get(entity) ?? new Map<string, string>();
    if (values.delete(name)) this.#parameterCount -= 1;
    if (print !== undefined) {
      values.set(name, print);
      this.#parameterCount += 1;
    }
    if (values.size > 0) this.#parameters.set(entity, values);
    else this.#parameters.delete(entity);
  }

  #forgetParameters(entity: string): void {
    this.#parameterCount -= this.#parameters.get(entity)?.size ?? 0;
    this.#parameters.delete(entity);
  }
}

/** Returns the keys of all entities of a tree, of this gateway and of others. */
export function keysOfTree(tree: EntityTree): readonly string[] {
  return ENTITY_KINDS.flatMap((kind) => tree.all(kind).map(entityKey));
}

function fingerprint(text: string): string {
  return text.length <= COMPARED_AS_TEXT ? text : createHash('sha256').update(text).digest('base64');
}

function entityAt(tree: EntityTree, key: string): Entity | undefined {
  const ref = entityOfKey(key);
  return ref && tree.get(ref.kind, ref.id);
}
