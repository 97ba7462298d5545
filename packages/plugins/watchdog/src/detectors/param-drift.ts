import { type Globs, globs } from '@medkit/core/discovery';
import { Quota } from '@medkit/edges';
import type { Parameter, ParameterEvent, ParameterValue } from '@medkit/ros2';
import { type Detector, type Finding, SEVERITY } from '../findings/finding.ts';
import { plainText } from '../names/plain-text.ts';
import { fitsPin, sameValue } from '../parameters/parameter-equality.ts';
import { pinText, valueText } from '../parameters/value-text.ts';

/** Failed reads after which a message is logged, and after which the node is no longer waited for. */
export const FAILED_READS_TO_LOG = 10;
export const FAILED_READS_TO_GIVE_UP = 60;

/**
 * Maximum parameters of all baselines; one node has at most half of the free places. A robot with 500 nodes has about
 * ten thousand parameters.
 */
const MAX_BASELINE_PARAMETERS = 100_000;

/** Maximum differences reported per node. */
const MAX_DRIFTED_OF_NODE = 64;

export interface ParamDriftOptions {
  /** Stores the parameters of each node after its startup as a baseline and compares with them. */
  readonly baseline: boolean;
  /** Required values, independent of the baseline: by FQN, name or app of the node, then by parameter. */
  readonly expect: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  /** Parameters that may change: `use_sim_time` or `/slam:*.seed`. */
  readonly ignore: readonly string[];
}

interface Watched {
  /** `undefined` until the first read. */
  baseline: Map<string, ParameterValue> | undefined;
  /** Problem of a parameter, by its name. */
  readonly drifted: Map<string, string>;
  failures: number;
}

/** Detects parameters that differ from their baseline or their required value. */
export class ParamDrift implements Detector {
  readonly grace = 0;
  readonly #options: ParamDriftOptions;
  readonly #ignored: Globs;
  readonly #nodes = new Map<string, Watched>();
  readonly #pinsOf: (fqn: string) => ReadonlyMap<string, unknown>;
  /** Bounds the parameters of all baselines, by node. */
  readonly quota = new Quota(MAX_BASELINE_PARAMETERS);

  constructor(options: ParamDriftOptions, pinsOf: (fqn: string) => ReadonlyMap<string, unknown>) {
    this.#options = options;
    this.#ignored = globs(options.ignore);
    this.#pinsOf = pinsOf;
  }

  /** Starts watching a node. It counts as unread until its parameters arrive. */
  watch(fqn: string): void {
    if (!this.#nodes.has(fqn)) this.#nodes.set(fqn, { baseline: undefined, drifted: new Map(), failures: 0 });
  }

  watches(fqn: string): boolean {
    return this.#nodes.has(fqn);
  }

  /** Returns whether the parameters of a node have been read. */
  hasRead(fqn: string): boolean {
    return this.#nodes.get(fqn)?.baseline !== undefined;
  }

  /** Removes a node and its baseline: when it returns, its parameters then become the baseline. */
  forget(fqn: string): void {
    this.quota.release(fqn, this.#nodes.get(fqn)?.baseline?.size ?? 0);
    this.#nodes.delete(fqn);
  }

  /** Processes all parameters of a node. The first ones become its baseline. */
  read(fqn: string, parameters: readonly Parameter[]): void {
    const watched = this.#nodes.get(fqn);
    if (!watched) return;
    watched.failures = 0;
    watched.drifted.clear();
    const first = watched.baseline === undefined;
    watched.baseline ??= new Map();
    const seen = new Set<string>();
    for (const { name, value } of parameters) {
      seen.add(name);
      if (first) this.#remember(fqn, watched.baseline, name, value);
      this.#compare(fqn, watched, name, value);
    }
    for (const name of watched.baseline.keys()) if (!seen.has(name)) this.#compare(fqn, watched, name, undefined);
  }

  /** Processes a parameter event of a node. */
  changed({ node, added, changed, deleted }: ParameterEvent): void {
    const watched = this.#nodes.get(node);
    if (!watched?.baseline) return;
    for (const { name, value } of [...added, ...changed]) this.#compare(node, watched, name, value);
    for (const name of deleted) this.#compare(node, watched, name, undefined);
  }

  /** Called when a read failed; returns the number of consecutive failures. */
  failed(fqn: string): number {
    const watched = this.#nodes.get(fqn);
    return watched ? ++watched.failures : 0;
  }

  complete(): boolean {
    for (const { baseline, failures } of this.#nodes.values()) {
      const unread = baseline === undefined || failures > 0;
      if (unread && failures <= FAILED_READS_TO_GIVE_UP) return false;
    }
    return true;
  }

  findings(): readonly Finding[] {
    const found: Finding[] = [];
    for (const [fqn, { drifted }] of this.#nodes) {
      for (const [name, detail] of drifted) {
        found.push({ code: 'GRAPH_PARAM_DRIFT', key: `${fqn} ${name}`, detail, severity: SEVERITY.warn, node: fqn });
      }
    }
    return found;
  }

  #remember(fqn: string, baseline: Map<string, ParameterValue>, name: string, value: ParameterValue): void {
    if (!this.#options.baseline) return;
    if (this.#ignored(name) || this.#ignored(`${fqn}:${name}`)) return;
    if (!baseline.has(name) && this.quota.take(fqn)) baseline.set(name, value);
  }

  /** `value` is `undefined` if the parameter was removed. */
  #compare(fqn: string, { baseline, drifted }: Watched, name: string, value: ParameterValue | undefined): void {
    const problem = this.#problemOf(fqn, name, value, baseline?.get(name));
    if (problem === undefined) drifted.delete(name);
    else if (drifted.has(name) || drifted.size < MAX_DRIFTED_OF_NODE) {
      drifted.set(name, `${plainText(fqn)} ${plainText(name)} ${problem}`);
    }
  }

  #problemOf(
    fqn: string,
    name: string,
    value: ParameterValue | undefined,
    before: ParameterValue | undefined,
  ): string | undefined {
    const pins = this.#pinsOf(fqn);
    if (pins.has(name)) {
      const pin = pins.get(name);
      // An undeclared parameter is not a violation: the node may not have declared it yet.
      return value && !fitsPin(value, pin) ? `is ${valueText(value)} but must be ${pinText(pin)}` : undefined;
    }
    if (before === undefined) return undefined;
    if (value === undefined) return `was removed, it was ${valueText(before)}`;
    return sameValue(before, value) ? undefined : `is ${valueText(value)}, it was ${valueText(before)}`;
  }
}
