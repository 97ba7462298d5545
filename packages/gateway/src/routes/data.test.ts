import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { DataService } from '@medkit/entities';
import type { Exchange } from '../http/exchange.ts';
import { SharedPartsBody } from '../http/stable-body.ts';
import { dataHandlers } from './data.ts';

it('a value that many clients read is encoded once, and its schema once per type', async () => {
  const writings = { value: 0, schema: 0 };
  const countedAs = (name: keyof typeof writings) => ({
    get member() {
      writings[name]++;
      return 1;
    },
  });
  const [value, type_info] = [countedAs('value'), { schema: countedAs('schema'), default_value: {} }];
  const read = async (_kind: string, id: string) => ({ id, data: value, value, 'x-medkit': { type_info } });
  const { getDataItem } = dataHandlers({ read } as unknown as DataService);
  const textFor = async (entityId: string) => {
    const result = await getDataItem({
      kind: 'app',
      entityId,
      path: {},
      call: () => undefined,
    } as never as Exchange<never>);
    assert.ok(result instanceof SharedPartsBody);
    return result.text;
  };
  const text = await textFor('reader_0');
  assert.deepEqual(JSON.parse(text), {
    id: 'reader_0',
    data: { member: 1 },
    value: { member: 1 },
    'x-medkit': { type_info: { schema: { member: 1 }, default_value: {} } },
  });
  const once = { ...writings };
  for (let reader = 1; reader < 10; reader++) assert.notEqual(await textFor(`reader_${reader}`), text);
  assert.deepEqual(writings, once);
});
