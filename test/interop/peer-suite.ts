import { after, before, suite } from 'node:test';
import { acquireMachineLock } from './machine-lock.ts';
import { peerPrograms, peersMissing } from './peer-programs.ts';

/** Compiling takes ten seconds on two free cores; other suites may use the cores or be compiling already. */
const START_TIMEOUT_MS = 240_000;

interface PeerSuiteOptions {
  /** Another reason to skip the suite. */
  readonly skip?: string | undefined;
  /** Runs its tests concurrently: each needs a separate domain. */
  readonly concurrency?: boolean;
  /** It uses the whole machine: it waits for its turn among the suites of this kind. */
  readonly heavy?: boolean;
}

/**
 * A suite of tests with peers. They are built before the first test; if that is impossible, the suite is skipped with a
 * reason.
 */
export function peerSuite(name: string, options: PeerSuiteOptions, define: () => void): void {
  const { skip = peersMissing, concurrency = false, heavy = false } = options;
  suite(name, { skip, concurrency }, () => {
    let endTurn: (() => Promise<void>) | undefined;
    before(
      async () => {
        if (heavy) endTurn = await acquireMachineLock('heavy-suite');
        await peerPrograms();
      },
      { timeout: START_TIMEOUT_MS },
    );
    after(() => endTurn?.());
    define();
  });
}
