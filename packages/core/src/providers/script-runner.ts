import type { CallContext } from './call-context.ts';
import type { ScriptFormat } from './managed-script.ts';
import type { ScriptAction } from './script-provider.ts';

/** One run of a script with everything it needs, so that the runner needs no access to the gateway's disk. */
export interface ScriptJob {
  /** 32 characters of `0-9a-f`; unique across all gateways. */
  readonly id: string;
  /** `apps/lidar_driver` */
  readonly owner: string;
  readonly scriptId: string;
  readonly executionId: string;
  readonly format: ScriptFormat;
  readonly content: Uint8Array;
  readonly args: readonly string[];
  /** Environment variables: `MEDKIT_…`, and variables of the manifest. */
  readonly environment: Readonly<Record<string, string>>;
  /** Standard input; empty if absent. */
  readonly input?: string;
  /** Seconds after which the gateway terminates it. */
  readonly timeoutSec: number;
}

/** What a job produced since the last query. */
export interface ScriptNews {
  /** Bytes written to standard output. */
  readonly output?: Uint8Array;
  readonly errors?: Uint8Array;
  /** Percent, if the runner knows it. Lines such as `PROGRESS 40` in the output count in any case. */
  readonly progress?: number;
  /** How the job ended. All output has been returned by then, and the gateway makes no further query. */
  readonly exit?: { readonly code: number } | { readonly signal: string };
}

/**
 * Runs scripts that the gateway stores, for example in a container or on another computer. The gateway remains
 * responsible for uploads, digests, limits, the history of executions, and REST. Uses only plain data, so that a runner
 * can run in a separate process.
 *
 * A runner that restarts must end the jobs it left behind: the gateway does not ask for jobs that it started before.
 */
export interface ScriptRunner {
  /** Resolves once the script has started. Clients receive a thrown `SovdError`. */
  start(job: ScriptJob, call: CallContext): Promise<void>;
  /** Resolves as soon as there is news, and with an empty object after one second. Throws for an unknown job. */
  news(jobId: string, call: CallContext): Promise<ScriptNews>;
  /**
   * Ends a job. `stop`: SIGTERM or an equivalent; `forced_termination`: immediately. Resolves when the request is sent.
   * Does nothing if the job is over.
   */
  end(jobId: string, action: ScriptAction, call: CallContext): Promise<void>;
}
