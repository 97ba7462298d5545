import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { type ClassedStream, type Traffic, trafficMeter } from './traffic-meter.ts';

function scene() {
  const reports: Traffic[] = [];
  const meter = trafficMeter((traffic) => reports.push(traffic));
  const [near, far] = duplexPair();
  const stream: ClassedStream = Object.assign(near, { trafficClass: 3 });
  meter.attach(stream);
  const take = () => reports.splice(0).map(({ trafficClass, direction, bytes }) => [trafficClass, direction, bytes]);
  return { meter, stream, far, take };
}

test('data of a stream counts in the class that it has, the rest of the socket in class 0', () => {
  const { meter, stream, take } = scene();
  stream.write('1234567890');
  stream.trafficClass = 5;
  stream.write(Buffer.alloc(100));
  meter.settle({ sent: 120, received: 7 });
  assert.deepEqual(take(), [
    [3, 'sent', 10],
    [5, 'sent', 100],
    [0, 'sent', 10],
    [0, 'received', 7],
  ]);
  meter.settle({ sent: 120, received: 7 });
  assert.deepEqual(take(), []);
});

test('received data counts in the class of its stream', async () => {
  const { meter, stream, far, take } = scene();
  far.write('abc');
  await new Promise((resolve) => stream.once('data', resolve));
  meter.settle({ sent: 0, received: 5 });
  assert.deepEqual(take(), [
    [3, 'received', 3],
    [0, 'received', 2],
  ]);
});

test('data that is still buffered counts when it has passed the socket, and never if the session ends before', () => {
  const { meter, stream, take } = scene();
  stream.write(Buffer.alloc(1000));
  meter.settle({ sent: 400, received: 0 });
  assert.deepEqual(take(), [[3, 'sent', 400]]);
  meter.settle({ sent: 1010, received: 0 });
  assert.deepEqual(take(), [
    [3, 'sent', 600],
    [0, 'sent', 10],
  ]);
});

test('the sum of all reports is the number of bytes of the socket', () => {
  const random = seededRandom(7);
  const { meter, stream, take } = scene();
  let [total, socket] = [0, 0];
  for (let turn = 0; turn < 200; turn += 1) {
    stream.trafficClass = Math.floor(random.float() * 6);
    stream.write(Buffer.alloc(Math.floor(random.float() * 5000)));
    socket += Math.floor(random.float() * 5000);
    meter.settle({ sent: socket, received: 0 });
    for (const [, , bytes] of take()) total += Number(bytes);
    assert.equal(total, socket);
  }
});
