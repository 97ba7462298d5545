const HOUR_MS = 3_600_000;
/** Maximum principals and permissions per hour: more than a gateway has, except in an attack. */
const MAX_DENIALS = 4096;

/** Determines whether a denial of a permission is the first for its principal in this hour. */
export class FirstDenials {
  readonly #maxDenials: number;
  readonly #seen = new Set<string>();
  #hour = Number.NaN;

  constructor(maxDenials = MAX_DENIALS) {
    this.#maxDenials = maxDenials;
  }

  /** Returns `no room` if the table of this hour is full. */
  judge(principal: string, permission: string, nowMs: number): 'first' | 'again' | 'no room' {
    const hour = Math.floor(nowMs / HOUR_MS);
    if (hour !== this.#hour) this.#seen.clear();
    this.#hour = hour;
    const key = `${permission} ${principal}`;
    if (this.#seen.has(key)) return 'again';
    if (this.#seen.size >= this.#maxDenials) return 'no room';
    this.#seen.add(key);
    return 'first';
  }
}
