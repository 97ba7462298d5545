import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { udpDatagrams, unixStreams } from '@medkit/edges/node';
import {
  type Declaration,
  ingestAddress,
  ingestReceiver,
  openIngestListener,
  portValue,
  type ReceivedState,
} from '@medkit/ingest';
import { SAFETY_GATE } from '../../packages/wire/ingest/src/testing/safety-gate.ts';
import { TEST_VECTOR } from '../../packages/wire/ingest/src/testing/test-vector.ts';
import { frameReader } from '../../packages/wire/ingest/src/transport/frame-reader.ts';
import { eventually } from '../harness/eventually.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { type WriterPrograms, writerPrograms } from './writer-programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'medkit-ingest-'));
const keyFile = join(folder, 'key');
const keyDigits = Buffer.from(TEST_VECTOR.key).toString('hex');
const running: Program[] = [];

const run = (command: readonly string[], args: readonly string[]): Program => {
  const program = startProgram(args, { command });
  running.push(program);
  return program;
};

/** A receiver with the key, and what it is notified of. */
function recordingReceiver() {
  const declared: Declaration[] = [];
  const states: ReceivedState[] = [];
  const receiver = ingestReceiver({
    key: TEST_VECTOR.key,
    listener: {
      declared: (declaration) => void declared.push(declaration),
      state: (state) => void states.push({ ...state, ports: state.ports.slice() }),
    },
  });
  return { receiver, declared, states };
}

/** The safety gate in a declaration of 50 KB. */
const LONG_JSON = JSON.stringify({
  ...SAFETY_GATE,
  components: Array.from({ length: 64 }, (_, at) => ({
    id: at === 0 ? 'safety_controller' : `c${at}`,
    name: 'n'.repeat(256),
    description: 'ü'.repeat(256),
  })),
});

/** The counts of a receiver without any messages. */
const blank = { ...recordingReceiver().receiver.counts };

const valuesOf = ({ ports }: ReceivedState) => [0, 1, 2].map((at) => portValue(ports, at, 'float64'));

describe('writers in other languages', { skip: missingSystemPackages('writers'), timeout: 120_000 }, () => {
  let programs: readonly WriterPrograms[] = [];
  before(() => {
    writeFileSync(keyFile, `${keyDigits}\n`);
    programs = writerPrograms(folder);
  });
  after(async () => {
    for (const program of running) await program.end();
    rmSync(folder, { recursive: true, force: true });
  });
  const programsIn = (language: string) => programs.find((each) => each.language === language) ?? assert.fail();

  for (const language of ['C', 'Python']) {
    it(`${language}: produces the bytes of the test vector`, async () => {
      const { json, session, declarationHeader, declarationMac, state } = TEST_VECTOR;
      const args = ['vector', 'udp:127.0.0.1:9', keyDigits, `${session}`, json];
      const program = run(programsIn(language).check, args);
      assert.equal(await program.ended, 0, program.output());
      const declaration = `${declarationHeader}${Buffer.from(json).toString('hex')}${declarationMac}`;
      assert.equal(program.output(), `${declaration}\n${state.join('')}\n`);
    });

    for (const kind of ['udp', 'unix']) {
      it(`${language}: the example is received over ${kind}, with its stop and its end`, async () => {
        const address = kind === 'udp' ? 'udp:127.0.0.1:0' : `unix:${join(folder, `${language}.sock`)}`;
        const { receiver, declared, states } = recordingReceiver();
        const edges = { datagrams: udpDatagrams, streams: unixStreams };
        const onMessage = (octets: Uint8Array) => receiver.receive(octets);
        const listener = await openIngestListener({ address: ingestAddress(address), ...edges, onMessage });
        const target = listener.address.kind === 'udp' ? `udp:127.0.0.1:${listener.address.port}` : address;
        const program = run(programsIn(language).example, [
          ...[target, '--key', keyFile, '--session', '77'],
          ...['--cross-after', '0.2', '--cross-for', '0.2', '--seconds', '0.6'],
        ]);
        assert.equal(await program.ended, 0, program.output());
        assert.equal(program.output(), '30 states sent, 0 dropped\n');
        await eventually('the last state', async () => states.at(-1)?.sequence === 31n);
        await listener.close();

        assert.deepEqual(declared, [SAFETY_GATE]);
        const near = states.filter(({ faults }) => faults[0]?.result === 'failed');
        assert.deepEqual([states.length, near.length, states[0]?.session], [30, 10, 77n]);
        assert.deepEqual(near[0] && valuesOf(near[0]), [0, 0.3, 0.45]);
        assert.deepEqual(states[0] && valuesOf(states[0]), [0.5, 1.2, 0.45]);
        assert.deepEqual(states.at(-1)?.faults, [{ result: 'passed', occurrences: 1 }]);
        assert.deepEqual({ ...receiver.counts, accepted: 0, declarations: 0, sessions: 0 }, blank);
      });
    }

    it(`${language}: reports an earlier failure to a receiver that starts later`, async () => {
      const path = join(folder, `${language}-late.sock`);
      const { receiver, states } = recordingReceiver();
      const program = run(programsIn(language).example, [
        ...[`unix:${path}`, '--key', keyFile, '--cross-after', '0', '--cross-for', '0.02'],
      ]);
      // It may or may not have begun: in both cases the failure of its first cycle is reported.
      await new Promise((resolve) => setTimeout(resolve, 300));
      const listener = await openIngestListener({
        address: ingestAddress(`unix:${path}`),
        datagrams: udpDatagrams,
        streams: unixStreams,
        onMessage: (octets) => receiver.receive(octets),
      });
      await eventually('a state after the stop', async () => states.at(-1)?.faults[0]?.result === 'passed');
      assert.deepEqual(states.at(-1)?.faults, [{ result: 'passed', occurrences: 1 }]);
      assert.equal(await program.end(), 0, program.output());
      await listener.close();
    });

    it(`${language}: drops whole messages while a stream is full, and reports every failure after it`, async () => {
      const path = join(folder, `${language}-full.sock`);
      const { receiver, states } = recordingReceiver();
      const connected = Promise.withResolvers<Socket>();
      const server = createServer((socket) => connected.resolve(socket)).listen(path);
      await once(server, 'listening');
      const program = run(programsIn(language).check, ['flood', `unix:${path}`, keyDigits, '5', LONG_JSON]);
      const socket = await connected.promise;
      await program.printed(/^full$/m);
      const frames = frameReader((octets) => receiver.receive(octets));
      socket.on('data', (octets) => assert.ok(frames.read(octets)));
      const ended = once(socket, 'close');
      const [, sent, failures] = await program.printed(/^sent (\d+) failures (\d+)$/m);
      await ended;
      server.close();
      assert.deepEqual([receiver.counts.accepted, states.at(-1)?.faults[0]?.occurrences], [sent, failures].map(Number));
      const { malformed, forged, repeated, undeclared } = receiver.counts;
      assert.deepEqual([malformed, forged, repeated, undeclared], [0, 0, 0, 0]);
    });

    it(`${language}: sends to this machine only, and over UDP only with a key`, async () => {
      for (const args of [
        ['udp:192.0.2.1:7799', '--key', keyFile],
        ['udp:127.0.0.1:7799'],
        ['tcp:127.0.0.1:7799', '--key', keyFile],
      ]) {
        const program = run(programsIn(language).example, [...args, '--seconds', '0']);
        assert.notEqual(await program.ended, 0, args.join(' '));
        assert.match(program.output(), /udp:127\.0\.0\.1/);
      }
    });
  }
});
