import type { Fault } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import type { FaultConfiguration } from '../configuration/fault-settings.ts';
import type { CaptureIntent } from '../storage/capture-intent.ts';
import type { FaultChange } from '../storage/fault-change.ts';
import { noteMissing } from '../storage/occurrence-rows.ts';
import type { BufferedTopic, Runtimes } from '../topic-sampler.ts';
import { CaptureCooldown } from './capture-cooldown.ts';
import { type CaptureIntake, UNATTENDED_INTAKE } from './capture-intake.ts';

type CaptureChange = Pick<FaultChange, 'captures' | 'pending' | 'withoutPending' | 'evidence'>;

const GAVE_WAY =
  'no data was captured: the capture was displaced by a newer one or one of another source (snapshots.capture_queue_depth)';

/** Decides which confirmed faults are captured: not those captured recently, nor more than the intake accepts. */
export class CaptureAdmissions {
  readonly #clock: Clock;
  readonly #enabled: boolean;
  readonly #configuration: FaultConfiguration;
  readonly #hasRoom: () => boolean;
  readonly #cooldown: CaptureCooldown;
  #intake = UNATTENDED_INTAKE;

  constructor(configuration: FaultConfiguration, clock: Clock, hasRoom: () => boolean) {
    this.#clock = clock;
    this.#hasRoom = hasRoom;
    this.#configuration = configuration;
    this.#enabled = configuration['snapshots.enabled'] || configuration['snapshots.rosbag.enabled'];
    this.#cooldown = new CaptureCooldown(configuration['snapshots.recapture_cooldown_sec'] * 1000);
  }

  /** Uses this intake from now on. */
  attend(intake: CaptureIntake): void {
    this.#intake = intake;
  }

  /**
   * Returns what to write with a fault that a report of `source` with this evidence confirms, including the reason if
   * it is not captured.
   */
  confirmed(fault: Fault, source: string, evidence: readonly BufferedTopic[] = []): CaptureChange {
    const { code: faultCode, occurrenceCount: occurrence, sources, confirmedAtNs: requestedAtNs } = fault;
    const reporters = sources.includes(source) ? [source] : sources;
    return this.#capture({ faultCode, occurrence, requestedAtNs, sources }, fault, reporters, evidence);
  }

  /** Returns what to write when a further source reports a confirmed fault: its evidence is captured too. */
  sourceAdded(
    fault: Fault,
    { source, before }: { readonly source: string; readonly before: Fault },
    evidence: readonly BufferedTopic[] = [],
  ): CaptureChange {
    const { code: faultCode, occurrenceCount: occurrence, lastOccurredNs: requestedAtNs } = fault;
    const intent = { faultCode, occurrence, requestedAtNs, sources: [source], capturedSources: before.sources };
    return this.#capture(intent, fault, [source], evidence);
  }

  #capture(
    request: Omit<CaptureIntent, 'runtimes'>,
    { reporters: addresses = [] }: Fault,
    reporters: readonly string[],
    evidence: readonly BufferedTopic[],
  ): CaptureChange {
    if (!this.#enabled) return {};
    const { faultCode: code, occurrence, sources, capturedSources } = request;
    const whose = capturedSources ? ` of ${sources.join(', ')}` : '';
    const without = (reason: string) => ({
      evidence: [noteMissing(code, occurrence, `no data${whose} was captured: ${reason}`)],
    });
    if (!this.#hasRoom()) return without('the disk has space only for faults');
    if (!this.#cooldown.begin(code, reporters, this.#clock.monotonicMs())) {
      const cooldownSec = this.#configuration['snapshots.recapture_cooldown_sec'];
      return without(`the last capture was less than snapshots.recapture_cooldown_sec (${cooldownSec}) ago`);
    }
    const runtimes = runtimesOf({ sources, reporters: addresses });
    const intent: CaptureIntent = { ...request, ...(runtimes && { runtimes }) };
    const admitted = this.#intake.admit(intent, evidence);
    if (admitted === undefined) {
      this.#cooldown.forget(code);
      const depth = this.#configuration['snapshots.capture_queue_depth'];
      return without(`too many captures were queued (snapshots.capture_queue_depth ${depth})`);
    }
    const { pending, evicted } = admitted;
    if (evicted !== undefined) this.#cooldown.forget(evicted.faultCode);
    return {
      captures: [intent],
      ...(pending !== undefined && { pending: [pending] }),
      ...(evicted !== undefined && {
        withoutPending: [evicted.captureId],
        evidence: [noteMissing(evicted.faultCode, evicted.occurrence, GAVE_WAY)],
      }),
    };
  }

  /** Returns what to write for a reporter's late evidence; nothing if captures are disabled. */
  async append(code: string, occurrence: number, evidence: readonly BufferedTopic[]): Promise<readonly Statement[]> {
    return evidence.length > 0 && this.#enabled && this.#hasRoom()
      ? this.#intake.append(code, occurrence, evidence)
      : [];
  }

  /** Cancels captures whose faults could not be written; they may be captured again immediately. */
  abandon(intents: readonly CaptureIntent[]): void {
    for (const intent of intents) {
      this.#cooldown.forget(intent.faultCode);
      this.#intake.cancel(intent);
    }
  }

  /** Allows a cleared fault to be captured as soon as it occurs again. */
  forget(code: string): void {
    this.#cooldown.forget(code);
  }

  /** Removes the snapshots of a fault. */
  drop(code: string): void {
    this.#intake.drop(code);
  }
}

/** Returns the runtimes of all reporters of a fault; `undefined` if any reporter is known by name only. */
function runtimesOf({ sources, reporters = [] }: Pick<Fault, 'sources' | 'reporters'>): Runtimes {
  if (!sources.every((source) => reporters.some((reporter) => reporter.source === source))) return undefined;
  const relevant = reporters.filter(({ source }) => sources.includes(source));
  return [...new Set(relevant.map(({ runtime }) => runtime))];
}
