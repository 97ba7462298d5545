import type { LifecycleStateLabel } from '@medkit/ros2';
import { type Detector, type Finding, SEVERITY } from '../findings/finding.ts';
import { plainText } from '../names/plain-text.ts';

/** Ticks that a node may be missing without consequences. */
const BLINK_TICKS = 3;

/** Ticks after which an unknown state of a node is a separate fault. */
const UNMEASURED_TICKS = 60;

/** Consecutive ticks with unknown state after which the absence of the node continues that count. */
const SETTLE_TICKS = 6;

/** Departed nodes that are named; further ones are counted. */
const DEPARTED_NAMED = 3;

/** Observation of a required node at a tick. */
export type LifecycleReading =
  /** The node returned this state. */
  | { readonly kind: 'state'; readonly label: LifecycleStateLabel }
  /** The node is managed but does not answer. */
  | { readonly kind: 'unreadable' }
  /** The node exists but is not managed. */
  | { readonly kind: 'not_managed' }
  | { readonly kind: 'absent' }
  /** The node was not asked yet. */
  | { readonly kind: 'unread' };

export interface LifecycleExpectationOptions {
  /** Ticks that a required node may be in a state other than active. */
  readonly grace: number;
  readonly trackedNodeCap: number;
}

interface Track {
  /** Ticks during which the node was not active. Only the state "active" resets it. */
  violation: number;
  /** Ticks during which the node's state was unknown, for any reason. Only a known state resets it. */
  unmeasured: number;
  /** The first reason for which its state was unknown. */
  cause: 'unreadable' | 'not_managed' | undefined;
  /** Consecutive ticks without a known state. */
  causeRun: number;
  absent: number;
  label: LifecycleStateLabel | undefined;
}

/** Detects required nodes that are not active, or whose state is unknown. */
export class LifecycleExpectation implements Detector {
  /** The detector counts ticks itself, so its findings are reported immediately. */
  readonly grace = 0;
  readonly #options: LifecycleExpectationOptions;
  readonly #tracks = new Map<string, Track>();

  constructor(options: LifecycleExpectationOptions) {
    this.#options = options;
  }

  /** Tracked nodes, including departed ones. */
  tracked(): Iterable<string> {
    return this.#tracks.keys();
  }

  /** Processes the observation of a required node at this tick. Returns `false` if no more nodes can be tracked. */
  observe(fqn: string, reading: LifecycleReading): boolean {
    let track = this.#tracks.get(fqn);
    if (!track) {
      if (reading.kind === 'absent') return true;
      if (this.#tracks.size >= this.#options.trackedNodeCap && !this.#freeOne()) return false;
      track = { violation: 0, unmeasured: 0, cause: undefined, causeRun: 0, absent: 0, label: undefined };
      this.#tracks.set(fqn, track);
    }
    step(track, reading);
    return true;
  }

  /** Removes healthy nodes that left more than `ticks` ago. */
  prune(ticks: number): void {
    for (const [fqn, track] of this.#tracks) if (track.absent > ticks && isIdle(track)) this.#tracks.delete(fqn);
  }

  findings(): readonly Finding[] {
    const present: Finding[] = [];
    const departed = new Map<Finding['code'], Finding[]>();
    for (const [fqn, track] of this.#tracks) {
      const finding = this.#judge(fqn, track);
      if (!finding) continue;
      if (track.absent <= BLINK_TICKS) present.push(finding);
      else departed.set(finding.code, [...(departed.get(finding.code) ?? []), finding]);
    }
    return [...present, ...[...departed.values()].flatMap(collapsed)];
  }

  /** A node is reported under one code: inactive is more severe than unknown. */
  #judge(fqn: string, { violation, unmeasured, cause, label, absent }: Track): Finding | undefined {
    const name = plainText(fqn);
    const left = absent > BLINK_TICKS ? ', and has left the graph' : '';
    if (violation > this.#options.grace) {
      const detail = `${name} is ${label ?? 'not active'}${left}`;
      return { code: 'GRAPH_NODE_INACTIVE', key: fqn, detail, severity: SEVERITY.error, node: fqn };
    }
    if (unmeasured <= UNMEASURED_TICKS || !cause) return undefined;
    return cause === 'unreadable'
      ? {
          code: 'GRAPH_NODE_UNREADABLE',
          key: fqn,
          detail: `${name} does not report its lifecycle state${left}`,
          severity: SEVERITY.warn,
          node: fqn,
        }
      : {
          code: 'GRAPH_NODE_NOT_MANAGED',
          key: fqn,
          detail: `${name} is not a managed node${left}`,
          severity: SEVERITY.warn,
          node: fqn,
        };
  }

  #freeOne(): boolean {
    for (const [fqn, track] of this.#tracks) {
      if (track.absent > 0 && isIdle(track)) return this.#tracks.delete(fqn);
    }
    return false;
  }
}

function isIdle({ violation, unmeasured }: Track): boolean {
  return violation === 0 && unmeasured === 0;
}

function step(track: Track, reading: LifecycleReading): void {
  if (reading.kind === 'unread') return;
  if (reading.kind === 'absent') {
    track.absent++;
    // Absence continues the current count and resets nothing.
    if (track.absent <= BLINK_TICKS) return;
    if (track.violation > 0) track.violation++;
    else if (track.causeRun >= SETTLE_TICKS) track.unmeasured++;
    return;
  }
  track.absent = 0;
  if (reading.kind === 'state') {
    track.label = reading.label;
    track.violation = reading.label === 'active' ? 0 : track.violation + 1;
    track.unmeasured = 0;
    track.cause = undefined;
    track.causeRun = 0;
    return;
  }
  track.unmeasured++;
  track.causeRun++;
  track.cause ??= reading.kind;
}

/** Lists some departed nodes by name and counts the rest. */
function collapsed(departed: readonly Finding[]): readonly Finding[] {
  const named = departed.slice(0, DEPARTED_NAMED);
  const [first] = departed.slice(DEPARTED_NAMED);
  if (!first) return named;
  const count = departed.length - DEPARTED_NAMED;
  const { node: _, ...rest } = first;
  return [...named, { ...rest, key: 'departed', detail: `and ${count} more that have left the graph` }];
}
