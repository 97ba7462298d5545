import { setupCode } from '@medkit/accounts';
import type { Log } from '@medkit/core';
import type { Clock, Random, WritableFiles } from '@medkit/edges';
import type { Setup } from './gateway-accounts.ts';

/** The code makes an admin. */
const OWNER_ONLY = 0o600;
/** As long as the code counts. */
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
 * Lets the first user be made by whoever can read the log of the gateway, or the file in its data folder, for half an hour:
 * somebody who only reaches its port cannot.
 */
export function openSetup({ clock, random, files, file, log }: SetupOptions): Setup {
  const untilMs = clock.wallMs() + WINDOW_MS;
  const show = (code: string): void => {
    log('info', `the first user is made with the code ${code}, which also stands in ${file}, within 30 minutes`);
    void files
      .replaceText(file, `${code}\n`, OWNER_ONLY)
      .catch((error: Error) => log('warn', `${file}: ${error.message}`));
  };
  const code = setupCode({ clock, random, show });
  return {
    get untilMs() {
      return code.isOpen ? untilMs : undefined;
    },
    accepts: (given) => code.verdictOf(given) === 'right',
    done: async () => {
      code.close();
      await files.remove(file);
    },
  };
}

/** Of a gateway that has users, or was not started to have one. */
export const NO_SETUP: Setup = { untilMs: undefined, accepts: () => false, done: async () => undefined };
