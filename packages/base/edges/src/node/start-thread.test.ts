import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startThread } from './start-thread.ts';

const module = (text: string) => new URL(`data:text/javascript,${encodeURIComponent(text)}`);
const start = (text: string, data?: unknown) => startThread({ entry: module(text), name: 'test', maxHeapMb: 64, data });

test('a thread receives its data, answers over its port, and ends on request', async () => {
  const text =
    "import { parentPort, workerData } from 'node:worker_threads';" +
    "parentPort.on('message', (message) => parentPort.postMessage([workerData, message]));";
  const thread = start(text, 'data');
  const answer = new Promise((resolve) => thread.port.on('message', resolve));
  thread.port.postMessage('question');
  assert.deepEqual(await answer, ['data', 'question']);
  await thread.end();
  assert.equal(await thread.ended, 'exit code 1');
});

test('a thread that ends by itself reports the reason', async () => {
  assert.equal(await start("throw new RangeError('too far')").ended, 'RangeError: too far');
  assert.equal(await start('process.exit(7)').ended, 'exit code 7');
});
