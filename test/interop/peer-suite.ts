import { after, before, suite } from 'node:test';
import { takeTurn } from './machine-turn.ts';
import { peerPrograms, peersMissing } from './peer-programs.ts';

/** Compiling takes ten seconds on two free cores, and the cores may not be free; others may be at it first. */
const START_TIMEOUT_MS = 240_000;

interface PeerSuiteOptions {
  /** Another reason to leave the suite out. */
  readonly skip?: string | undefined;
  /** Run its tests at once: each needs a domain of its own. */
  readonly concurrency?: boolean;
  /** It takes all that the machine has: it waits for its turn among the suites of this kind. */
  readonly heavy?: boolean;
}

/** A suite of tests with peers: built before the first, left out with a reason where they cannot be. */
export function peerSuite(name: string, options: PeerSuiteOptions, define: () => void): void {
  const { skip = peersMissing, concurrency = false, heavy = false } = options;
  suite(name, { skip, concurrency }, () => {
    let endTurn: (() => Promise<void>) | undefined;
    before(
      async () => {
        if (heavy) endTurn = await takeTurn('heavy-suite');
        await peerPrograms();
      },
      { timeout: START_TIMEOUT_MS },
    );
    after(() => endTurn?.());
    define();
  });
}
