import type { Condition } from './condition.ts';
import { isOpen } from './condition-state.ts';

/** Maximum stored conditions. Large plants have several thousand alarms; a server can create any number. */
export const MAX_CONDITIONS = 10_000;

/** The known conditions of a PLC by id, with indexes of the open ones by code and by key. */
export class ConditionTable {
  /** Ordered by last report, like all collections here. */
  readonly #open = new Map<string, Condition>();
  /** Conditions without a fault; the oldest is removed if space is needed. */
  readonly #idle = new Map<string, Condition>();
  readonly #openByCode = new Map<string, Set<string>>();
  readonly #openByKey = new Map<string, Set<string>>();

  get(id: string): Condition | undefined {
    return this.#open.get(id) ?? this.#idle.get(id);
  }

  get open(): Iterable<Condition> {
    return this.#open.values();
  }

  /** Returns the open conditions with this code, the most recently reported one last. */
  openOfCode(code: string): readonly Condition[] {
    return this.#listed(this.#openByCode.get(code));
  }

  openOfKey(key: string): readonly Condition[] {
    return this.#listed(this.#openByKey.get(key));
  }

  hasOpen(code: string): boolean {
    return this.#openByCode.has(code);
  }

  /** Stores the state of a condition. Returns `false` if there is no space: all stored conditions are open. */
  put(condition: Condition): boolean {
    const { id } = condition;
    if (this.get(id) === undefined && !this.#hasRoom()) return false;
    this.#remove(id);
    if (!isOpen(condition.state)) {
      this.#idle.set(id, condition);
      return true;
    }
    this.#open.set(id, condition);
    added(this.#openByCode, condition.fault.code, id);
    added(this.#openByKey, condition.key, id);
    return true;
  }

  #hasRoom(): boolean {
    if (this.#open.size + this.#idle.size < MAX_CONDITIONS) return true;
    const [oldest] = this.#idle.keys();
    return oldest !== undefined && this.#idle.delete(oldest);
  }

  #remove(id: string): void {
    this.#idle.delete(id);
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    removed(this.#openByCode, open.fault.code, id);
    removed(this.#openByKey, open.key, id);
  }

  #listed(ids: ReadonlySet<string> | undefined): readonly Condition[] {
    return [...(ids ?? [])].flatMap((id) => this.#open.get(id) ?? []);
  }
}

function added(groups: Map<string, Set<string>>, name: string, id: string): void {
  const group = groups.get(name) ?? new Set();
  groups.set(name, group.add(id));
}

function removed(groups: Map<string, Set<string>>, name: string, id: string): void {
  const group = groups.get(name);
  group?.delete(id);
  if (group?.size === 0) groups.delete(name);
}
