import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const commands = join(import.meta.dirname, '..', '..', 'packages', 'programs', 'cli', 'src');
/** Packages that take longer to load than a gateway takes to answer. */
const SLOW = /^import (?!type )[^;]*from '(?:@medkit\/(?:contract|gateway|manifest|demo|core)|typebox)'/m;

test('remote commands load neither the gateway nor the contract schemas, so that they start quickly', () => {
  const asking = globSync('**/*.ts', { cwd: commands }).filter((file) =>
    /from '(?:\.\.|\.)\/(?:remote|terminal)\//.test(readFileSync(join(commands, file), 'utf8')),
  );
  assert.ok(asking.length > 20, `${asking.length} commands`);
  for (const file of asking) assert.doesNotMatch(readFileSync(join(commands, file), 'utf8'), SLOW, file);
});
