import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_BAGS } from '@medkit/gateway/replay-bags';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { type BagTrial, tryOnBags } from './try-on-bags.ts';

test('more recordings than one replay may have are refused before any is opened', async () => {
  const bags = Array.from({ length: MAX_BAGS + 1 }, (_, at) => `${at}.mcap`);
  await assert.rejects(
    tryOnBags({ bags } as Partial<BagTrial> as BagTrial),
    (error) =>
      error instanceof CommandFailed &&
      error.exitCode === ExitCode.usage &&
      error.message === `--bag: at most ${MAX_BAGS} recordings, found ${MAX_BAGS + 1}`,
  );
});
