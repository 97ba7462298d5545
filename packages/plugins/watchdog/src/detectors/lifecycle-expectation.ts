import type { LifecycleStateLabel } from '@medkit/ros2';
import { type Detector, type Finding, SEVERITY } from '../findings/finding.ts';
import { plainText } from '../names/plain-text.ts';

/** Ticks that a node may be missing without anything being made of it. */
const BLINK_TICKS = 3;

/** Ticks that a node's state may stay unknown before that is a fault of its own. */
const UNMEASURED_TICKS = 60;

/** Ticks in a row for which a node's state has to be unknown before its absence may go on with that. */
const SETTLE_TICKS = 6;

/** Nodes that left and are still named; of the rest there is a count. */
const DEPARTED_NAMED = 3;

/** What was seen of a required node at a tick. */
export type LifecycleReading =
  /** The state that it gave. */
  | { readonly kind: 'state'; readonly label: LifecycleStateLabel }
  /** It is a managed node and gives no answer. */
  | { readonly kind: 'unreadable' }
  /** It is there and no managed node. */
  | { readonly kind: 'not_managed' }
  | { readonly kind: 'absent' }
  /** It was not asked yet. */
  | { readonly kind: 'unread' };

export interface LifecycleExpectationOptions {
  /** Ticks for which a required node may be in another state than active. */
  readonly grace: number;
  readonly trackedNodeCap: number;
}

interface Track {
  /** Ticks for which the node is not active. Nothing but "active" ends it. */
  violation: number;
  /** Ticks for which nobody knows the node's state, whatever the cause. Only a state that was read ends it. */
  unmeasured: number;
  /** The first cause for which its state is not known. */
  cause: 'unreadable' | 'not_managed' | undefined;
  /** Ticks in a row at which it was seen without a state. */
  causeRun: number;
  absent: number;
  label: LifecycleStateLabel | undefined;
}

/** Nodes that have to be active and are not, or of which nobody can tell. */
export class LifecycleExpectation implements Detector {
  /** It has clocks of its own: a finding is ripe as soon as it is there. */
  readonly grace = 0;
  readonly #options: LifecycleExpectationOptions;
  readonly #tracks = new Map<string, Track>();

  constructor(options: LifecycleExpectationOptions) {
    this.#options = options;
  }

  /** Nodes that are looked after, those that left among them. */
  tracked(): Iterable<string> {
    return this.#tracks.keys();
  }

  /** Takes what was seen of a required node at this tick. False where there are too many to look after it as well. */
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

  /** Forgets nodes that left in good health longer than `ticks` ago. */
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

  /** A node is told of under one code: not being active is worse than not being known. */
  #judge(fqn: string, { violation, unmeasured, cause, label, absent }: Track): Finding | undefined {
    const name = plainText(fqn);
    const left = absent > BLINK_TICKS ? ', and left' : '';
    if (violation > this.#options.grace) {
      const detail = `${name} is ${label ?? 'not active'}${left}`;
      return { code: 'GRAPH_NODE_INACTIVE', key: fqn, detail, severity: SEVERITY.error, node: fqn };
    }
    if (unmeasured <= UNMEASURED_TICKS || !cause) return undefined;
    return cause === 'unreadable'
      ? {
          code: 'GRAPH_NODE_UNREADABLE',
          key: fqn,
          detail: `${name} does not tell its state${left}`,
          severity: SEVERITY.warn,
          node: fqn,
        }
      : {
          code: 'GRAPH_NODE_NOT_MANAGED',
          key: fqn,
          detail: `${name} is no managed node${left}`,
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
    // Absence goes on with whatever the node was doing, and heals nothing.
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

/** Those that left: some by name, the rest as a number. */
function collapsed(departed: readonly Finding[]): readonly Finding[] {
  const named = departed.slice(0, DEPARTED_NAMED);
  const [first] = departed.slice(DEPARTED_NAMED);
  if (!first) return named;
  const count = departed.length - DEPARTED_NAMED;
  const { node: _, ...rest } = first;
  return [...named, { ...rest, key: 'departed', detail: `and ${count} more that left` }];
}
