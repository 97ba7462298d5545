import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { openStore } from '@medkit/store';
import { describeStore } from '../../packages/base/store/src/testing/contract-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'medkit-store-'));
after(() => rmSync(folder, { recursive: true }));
let opened = 0;

describeStore('on disk, in threads', (options) => {
  opened += 1;
  return openStore({ path: join(folder, `${opened}.db`), clock: systemClock, warn: console.warn, ...options });
});
