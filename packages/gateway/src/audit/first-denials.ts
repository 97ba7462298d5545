const HOUR_MS = 3_600_000;
/** Principals with a permission that they lack, each hour: more than a gateway has, unless somebody makes them for that. */
const MAX_DENIALS = 4096;

/** Tells, hour by hour, whether a principal was denied a permission for the first time. */
export class FirstDenials {
  readonly #maxDenials: number;
  readonly #seen = new Set<string>();
  #hour = Number.NaN;

  constructor(maxDenials = MAX_DENIALS) {
    this.#maxDenials = maxDenials;
  }

  /** `no room` where so many others were in this hour that nobody knows. */
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
