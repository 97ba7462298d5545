import type { CallContext } from './call-context.ts';
import type { ScriptFormat } from './managed-script.ts';
import type { ScriptAction } from './script-provider.ts';

/** One run of a script with all that it takes: whoever runs it needs nothing of the gateway's disk. */
export interface ScriptJob {
  /** 32 of `0-9a-f`; no job of any gateway has the same. */
  readonly id: string;
  /** `apps/lidar_driver` */
  readonly owner: string;
  readonly scriptId: string;
  readonly executionId: string;
  readonly format: ScriptFormat;
  readonly content: Uint8Array;
  readonly args: readonly string[];
  /** Its variables: `MEDKIT_…`, and those of the manifest. */
  readonly environment: Readonly<Record<string, string>>;
  /** What it reads as its standard input; nothing unless given. */
  readonly input?: string;
  /** Seconds after which the gateway ends it. */
  readonly timeoutSec: number;
}

/** What came of a job since it was asked for last. */
export interface ScriptNews {
  /** What it wrote, octets. */
  readonly output?: Uint8Array;
  readonly errors?: Uint8Array;
  /** Percent, where the runner knows; lines `PROGRESS 40` of the output count without it. */
  readonly progress?: number;
  /** How it ended. Everything that it wrote has been told then, and nothing is asked any more. */
  readonly exit?: { readonly code: number } | { readonly signal: string };
}

/**
 * Runs scripts that the gateway keeps: in a container, on another computer. Uploads, digests, limits, what is remembered of
 * executions, and REST stay the gateway's. All of it is plain data, so that a runner may be in a process of its own.
 *
 * A runner that begins anew ends what it has left behind: the gateway asks for nothing that it started before.
 */
export interface ScriptRunner {
  /** Resolves once the script is on its way. What it throws as a `SovdError` the client is told. */
  start(job: ScriptJob, call: CallContext): Promise<void>;
  /** Resolves as soon as there is something, and with nothing after a second. Throws for a job that it does not know. */
  news(jobId: string, call: CallContext): Promise<ScriptNews>;
  /** `stop`: SIGTERM or what is like it; `forced_termination`: at once. Resolves when that is said; nothing where it is over. */
  end(jobId: string, action: ScriptAction, call: CallContext): Promise<void>;
}
