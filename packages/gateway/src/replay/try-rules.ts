import { SovdError, type TriedOutcome, type TriedRules } from '@medkit/contract';
import { abandonedCallError, type CallContext } from '@medkit/core';
import type { Clock, Thread } from '@medkit/edges';
import { startThread } from '@medkit/edges/node';
import type { FaultDocuments } from '../config/fault-documents.ts';
import { faultDatabasePath } from '../config/fault-paths.ts';
import type { GatewayConfig } from '../config/index.ts';
import { momentOf } from '../history/past-query.ts';
import { isAuthorised } from '../security/authorise.ts';
import type { TriggerRules } from './bags/trigger-rules.ts';
import type { ReplayAnswer, ReplayTask } from './replay-task.ts';

/** Heap limit of the thread: what `MAX_TRIED_EVENTS` needs, and the incidents of a year. */
const MAX_HEAP_MB = 384;
const DEFAULT_SINCE_MS = 30 * 86_400_000;
const MANUAL = 'run `medkit replay` on a computer with a copy of the data folder';

// The compiler does not rewrite strings, so the entry takes the extension of this file.
const ENTRY = new URL(`./replay-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** The rules in use, and where the record is. */
export interface ReplaySources {
  readonly config: Pick<GatewayConfig, 'data_dir' | 'fault_manager' | 'fault_triggers' | 'notify' | 'receivers'>;
  /** Parameters of the fault manager as read at the start. */
  readonly faultDocuments: FaultDocuments;
  /** Returns the triggers and fault triggers in use. Rejects if they cannot be read. */
  readonly triggerRules: () => Promise<TriggerRules>;
  readonly clock: Clock;
}

/**
 * Runs a replay in a thread, which ends with the call. Throws `SovdError` for invalid rules, for a database that cannot
 * be read, and if the replay exceeds its time or memory.
 */
export async function tryRules(options: ReplaySources, tried: TriedRules, call: CallContext): Promise<TriedOutcome> {
  const maySeeReceivers = isAuthorised(call.principal, 'webhooks');
  if (tried.notifications != null && !maySeeReceivers) {
    const message = 'Trying settings of notifications needs the permission webhooks: leave out notifications';
    throw new SovdError({ code: 'insufficient-access-rights', message });
  }
  const triggers = tried.trigger_rules == null ? undefined : await options.triggerRules();
  const task = { ...taskOf(options, tried, maySeeReceivers), ...(triggers && { triggers }) };
  const thread = startThread({ entry: ENTRY, name: 'medkit-replay', maxHeapMb: MAX_HEAP_MB, data: task });
  try {
    const answer = await answerOf(thread, call, options.clock);
    if ('refused' in answer) throw refusal(answer.parameter, answer.refused);
    if ('unavailable' in answer) throw unavailable(answer.unavailable);
    return { ...answer.outcome, not_evaluated: notEvaluated(options, maySeeReceivers, triggers !== undefined) };
  } finally {
    await thread.end();
  }
}

function taskOf(
  { config, faultDocuments, clock }: ReplaySources,
  tried: TriedRules,
  showsNotifications: boolean,
): ReplayTask {
  const { configuration, thresholds, rules } = faultDocuments;
  const nowMs = clock.wallMs();
  const sinceMs = tried.since == null ? Math.max(0, nowMs - DEFAULT_SINCE_MS) : momentOf(tried.since);
  if (sinceMs === undefined || sinceMs > nowMs)
    throw refusal('since', 'since must be a past time of ISO 8601, or milliseconds since 1970');
  return {
    files: { dataFolder: config.data_dir, faultDatabase: faultDatabasePath(faultDocuments, config.data_dir).path },
    inUse: {
      configuration,
      overrides: thresholds.overrides,
      correlationRules: rules,
      sharedHealing: config.fault_manager.shared_healing,
      notifications: { receivers: showsNotifications ? config.receivers : [], settleMs: config.notify.settle_ms },
    },
    pollMs: config.fault_triggers.poll_interval_ms,
    tried,
    sinceMs,
    code: tried.fault_code ?? undefined,
    showsNotifications,
  };
}

/** Waits for the answer of the thread, until the client disconnects or the deadline of the call. */
function answerOf({ port, ended }: Thread, call: CallContext, clock: Clock): Promise<ReplayAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ReplayAnswer>();
  const leave = () => reject(abandonedCallError());
  if (call.isAbandoned) leave();
  call.signal.addEventListener('abort', leave, { once: true });
  const timer = clock.after(Math.max(0, call.deadlineMs - clock.monotonicMs()), () =>
    reject(unavailable(`The replay takes too long: ${MANUAL}`)),
  );
  port.on('message', (answer) => resolve(answer as ReplayAnswer));
  void ended.then((reason) =>
    reject(
      reason.includes('memory')
        ? unavailable(`The record is too large for a replay in the gateway: ${MANUAL}`)
        : new Error(`the thread of the replay ended (${reason})`),
    ),
  );
  return promise.finally(() => {
    timer.cancel();
    call.signal.removeEventListener('abort', leave);
  });
}

function notEvaluated(
  { faultDocuments }: ReplaySources,
  maySeeReceivers: boolean,
  triesTriggers: boolean,
): TriedOutcome['not_evaluated'] {
  return [
    triesTriggers
      ? {
          rules: 'Times and topics that are not recorded',
          reason: 'A rule is evaluated while a recording has its topic, and starts without an earlier value.',
        }
      : {
          rules: 'Triggers, and fault triggers',
          reason: 'Reports contain no values: try them on recordings, with `trigger_rules`.',
        },
    ...(faultDocuments.acrossOrigins.length > 0
      ? [
          {
            rules: 'Correlation rules over several gateways',
            reason: 'The reports of other gateways are not recorded.',
          },
        ]
      : []),
    ...(maySeeReceivers
      ? []
      : [{ rules: 'Notifications', reason: 'Reading the receivers needs the permission webhooks.' }]),
  ];
}

function refusal(parameter: string, message: string): SovdError {
  return new SovdError({ code: 'invalid-parameter', message, parameters: { parameter } });
}

function unavailable(message: string): SovdError {
  return new SovdError({ code: 'service-unavailable', message });
}
