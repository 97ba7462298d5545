import { type Globs, globs } from '@medkit/core/discovery';
import { type Detector, type Finding, SEVERITY } from '../findings/finding.ts';
import { plainText } from '../names/plain-text.ts';
import { VANISHED_AFTER_MS } from '../vanished-process.ts';

/** Maximum frames of a robot; a large one has several hundred. */
const MAX_FRAMES = 2048;

/** Transforms of a frame after which it counts as regularly published. */
const REGULAR_AFTER = 10;

/** A frame is stale if it is silent for this multiple of its longest gap so far. */
const GAP_FACTOR = 5;

export interface TfStaleOptions {
  readonly grace: number;
  /** Milliseconds that any frame may be silent. */
  readonly maxAgeMs: number;
  /** Frames that may stop. */
  readonly ignore: readonly string[];
}

interface Frame {
  parent: string;
  /** GID of its publisher. */
  gid: string;
  /** Node of its publisher, stored for when the publisher has left. */
  node: string | undefined;
  lastMs: number;
  longestGapMs: number;
  count: number;
  /** When its publisher fell silent without unregistering. */
  lostMs: number | undefined;
}

/**
 * Detects frames of `/tf` that were published regularly and stopped. Latched transforms on `/tf_static` are ignored.
 * Frames of a silent process are reported for an hour, or until a user clears the fault: the missing process is
 * reported separately.
 */
export class TfStale implements Detector {
  readonly grace: number;
  readonly #options: TfStaleOptions;
  readonly #ignored: Globs;
  readonly #frames = new Map<string, Frame>();
  readonly #nodeOf: (gid: string) => string | undefined;

  constructor(options: TfStaleOptions, nodeOf: (gid: string) => string | undefined) {
    this.grace = options.grace;
    this.#options = options;
    this.#ignored = globs(options.ignore);
    this.#nodeOf = nodeOf;
  }

  /** Called for each received transform of a frame. */
  observe(frame: string, parent: string, gid: string, nowMs: number): void {
    const known = this.#frames.get(frame);
    if (!known) {
      if (this.#frames.size >= MAX_FRAMES || this.#ignored(frame)) return;
      this.#frames.set(frame, {
        parent,
        gid,
        node: undefined,
        lastMs: nowMs,
        longestGapMs: 0,
        count: 1,
        lostMs: undefined,
      });
      return;
    }
    const gapMs = nowMs - known.lastMs;
    // The gap of a stale frame must not increase its tolerance.
    if (gapMs <= this.#patienceMs(known)) known.longestGapMs = Math.max(known.longestGapMs, gapMs);
    known.parent = parent;
    known.gid = gid;
    known.lastMs = nowMs;
    known.lostMs = undefined;
    known.count++;
  }

  /** Called when a publisher ended regularly: its frames are no longer expected. */
  publisherLeft(gid: string): void {
    for (const [name, frame] of this.#frames) if (frame.gid === gid) this.#frames.delete(name);
  }

  /** Called when a publisher fell silent with its process. */
  publisherLost(gid: string, nowMs: number): void {
    for (const frame of this.#frames.values()) if (frame.gid === gid) frame.lostMs = nowMs;
  }

  /** Called when a user cleared the fault: the missing frames are acknowledged. */
  acknowledge(): void {
    for (const [name, { lostMs }] of this.#frames) if (lostMs !== undefined) this.#frames.delete(name);
  }

  findings(_tick: number, nowMs: number): readonly Finding[] {
    const found: Finding[] = [];
    for (const [name, frame] of this.#frames) {
      if (frame.lostMs !== undefined && nowMs - frame.lostMs > VANISHED_AFTER_MS) {
        this.#frames.delete(name);
        continue;
      }
      const silentMs = nowMs - frame.lastMs;
      if (frame.count < REGULAR_AFTER || silentMs <= this.#patienceMs(frame)) continue;
      frame.node = this.#nodeOf(frame.gid) ?? frame.node;
      const { node } = frame;
      const gone = frame.lostMs === undefined ? '' : ' when its process disappeared';
      const by = node === undefined ? '' : `, which ${node} published,`;
      found.push({
        code: 'GRAPH_TF_STALE',
        key: name,
        detail: `frame ${plainText(name)}${by} stopped${gone} (child of ${plainText(frame.parent)})`,
        severity: SEVERITY.error,
        ...(node !== undefined && { node }),
      });
    }
    return found;
  }

  #patienceMs({ longestGapMs }: Frame): number {
    return Math.max(this.#options.maxAgeMs, GAP_FACTOR * longestGapMs);
  }
}
