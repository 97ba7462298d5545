import { setupCode } from '@medkit/accounts';
import type { Log } from '@medkit/core';
import type { Clock, Random, WritableFiles } from '@medkit/edges';
import type { Setup } from './gateway-accounts.ts';

/** Mode of the file with the setup code: the code can create an administrator. */
const OWNER_ONLY = 0o600;
/** Validity of the code. */
const WINDOW_MS = 30 * 60_000;

export interface SetupOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Pick<WritableFiles, 'remove' | 'replaceText'>;
  /** Absolute. */
  readonly file: string;
  readonly log: Log;
}

/**
 * Lets a person with access to the gateway's log, or to the file in its data folder, create the first user within half
 * an hour. Access to the port alone is not enough.
 */
export function openSetup({ clock, random, files, file, log }: SetupOptions): Setup {
  const untilMs = clock.wallMs() + WINDOW_MS;
  const show = (code: string): void => {
    log('info', `create the first user within 30 minutes with the code ${code}, which is also in ${file}`);
    void files
      .replaceText(file, `${code}\n`, OWNER_ONLY)
      .catch((error: Error) => log('warn', `${file}: ${error.message}`));
  };
  const code = setupCode({ clock, random, show });
  return {
    get untilMs() {
      return code.isOpen ? untilMs : undefined;
    },
    accepts: (input) => code.verdictOf(input) === 'right',
    done: async () => {
      code.close();
      await files.remove(file);
    },
  };
}

/** For a gateway that has users, or for which setup is not enabled. */
export const NO_SETUP: Setup = { untilMs: undefined, accepts: () => false, done: async () => undefined };
