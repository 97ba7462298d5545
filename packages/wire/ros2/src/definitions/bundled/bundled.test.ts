import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundledInterface } from './bundled.ts';
import { loadCommonMessages } from './common-messages.ts';
import { expandCompact } from './compact.ts';
import { CORE } from './core.ts';

test('messages of ROS itself equal those of the npm package, constants and defaults included', async () => {
  const common = await loadCommonMessages();
  const both = Object.entries(CORE).filter(([name]) => common.has(name));
  assert.ok(both.length > 14, `${both.length}`);
  // The npm package replaces `byte` by `uint8`.
  const fields = (text = '') => text.split('\n').map((line) => line.trim().replace(/^byte\b/, 'uint8'));
  for (const [name, text] of both) assert.deepEqual(fields(expandCompact(text)), fields(common.get(name)), name);
});

test('the level of a diagnostic status is a byte, as in ROS: the type hash depends on that', async () => {
  const lines =
    (await bundledInterface('diagnostic_msgs/msg/DiagnosticStatus'))?.split('\n').map((line) => line.trim()) ?? [];
  assert.ok(lines.includes('byte level'), lines.join());
  assert.ok(lines.includes('byte ERROR=2'), lines.join());
});
