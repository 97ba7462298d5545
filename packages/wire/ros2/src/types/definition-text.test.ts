import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bundledInterfaces } from '../definitions/bundled/bundled.ts';
import { testTypeStore } from '../testing/all-types.ts';
import { definitionText } from './definition-text.ts';
import { typeHash } from './hash/rihs01.ts';
import type { MessageType } from './message-type.ts';
import { readDefinitionText } from './read-definition-text.ts';

const store = testTypeStore();

async function typeOf(name: string): Promise<MessageType> {
  const known = await store.find(name);
  assert.ok(known, name);
  return known.type;
}

describe('the text of a definition', () => {
  it('has the format of rosbag2', async () => {
    assert.equal(
      definitionText(await typeOf('std_msgs/msg/Header')),
      `builtin_interfaces/Time stamp\nstring frame_id\n${'='.repeat(80)}\nMSG: builtin_interfaces/Time\nint32 sec\nuint32 nanosec\n`,
    );
  });

  it('defines the same type, for every bundled type and every part of the language', async () => {
    const messages = (await bundledInterfaces()).filter((name) => name.includes('/msg/'));
    const names = [
      ...messages,
      ...['Primitives', 'Arrays', 'Nested', 'Empty', 'Defaults'].map((name) => `test_pkg/msg/${name}`),
      'std_srvs/srv/Trigger_Response',
      'nav2_msgs/action/NavigateToPose_FeedbackMessage',
    ];
    for (const name of names) {
      const type = await typeOf(name);
      const read = readDefinitionText(name, definitionText(type));
      assert.deepEqual(read, type, name);
      assert.equal(typeHash(read), typeHash(type), name);
    }
  });
});
