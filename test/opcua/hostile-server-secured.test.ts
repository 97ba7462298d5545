import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { SecurityPolicy as PolicyUri } from 'node-opcua-client';
import { startPlc } from '../../packages/programs/plc/src/index.ts';
import { policyUri } from '../../packages/wire/opcua/src/channel/endpoint-choice.ts';
import { loadOpcua, type OpcuaLibrary } from '../../packages/wire/opcua/src/opcua-library.ts';
import { PlcError, PlcUnreachable } from '../../packages/wire/opcua/src/plc-error.ts';
import { eventually } from '../harness/eventually.ts';
import { printSeed, STORM_SEED, scaledStorm } from '../harness/storm.ts';
import { fastClock, usedBytes } from './hostile-harness.ts';
import type { Signer } from './hostile-server-keys.ts';
import { type Lie, type OpeningLie, openSecuredServer, type SecuredServerOptions } from './hostile-server-secured.ts';
import { below, mutated } from './mutated-octets.ts';
import { OPEN, openLink } from './opened-link.ts';
import { BODY_AT, HANDLE_AT, RecordedAnswers, SEQUENCE_AT } from './recorded-answers.ts';
import { makeRsaCertificate, type RsaCertificate } from './rsa-certificate.ts';
import { openProxy } from './tcp-proxy.ts';

const LIES = scaledStorm(4000, 200);
const MAX_GROWTH_BYTES = 64 * 1024 * 1024;
const LINKS = 4;
const SETPOINT = 'ns=2;s=Valve.PositionSetpoint';
/** The true value, and the forged one that the client must never accept. */
const [VALUE, OTHER] = [33.25, 66.5];
const READ = 631;
const MODES = ['Sign', 'SignAndEncrypt'] as const;

describe('A secured channel to a hostile server of OPC UA', () => {
  let folder: string;
  let library: OpcuaLibrary;
  let server: RsaCertificate;
  let client: RsaCertificate;
  let forger: Signer;
  const recorded = new RecordedAnswers();

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'medkit-hostile-'));
    library = await loadOpcua();
    server = makeRsaCertificate({ folder, name: 'server', uri: 'urn:medkit:plc' });
    client = makeRsaCertificate({ folder, name: 'client', uri: 'urn:test:medkit' });
    forger = signerOf(makeRsaCertificate({ folder, name: 'forger', uri: 'urn:medkit:plc' }));
    const plc = await startPlc({ security: { certificateFile: server.certFile, privateKeyFile: server.keyFile } });
    await plc.set(SETPOINT, VALUE);
    const proxy = await openProxy(plc.endpointUrl, {
      onRequest: (octets) => recorded.request(octets),
      onAnswer: (octets) => recorded.answer(octets),
    });
    const opened = openLink({ endpointUrl: proxy.endpointUrl });
    const session = await opened.session();
    assert.equal((await session.read([SETPOINT]))[0]?.value, VALUE);
    // The node that a client reads periodically to check the connection.
    await session.read(['i=2259']);
    await session.watch([SETPOINT], 50, () => undefined);
    await eventually('a change', async () => (recorded.byType.get(826)?.length ?? 0) > 0);
    await opened.link.stop();
    await proxy.close();
    await plc.stop();
  });
  after(() => rmSync(folder, { recursive: true }));

  const open = async (mode: (typeof MODES)[number], options: Partial<SecuredServerOptions>, isHasty = false) => {
    const hostile = await openSecuredServer({
      ...{
        library,
        recorded,
        policy: policyUri('Basic256Sha256') as PolicyUri,
        isEncrypted: mode === 'SignAndEncrypt',
      },
      signer: signerOf(server),
      ...options,
    });
    const link = () =>
      openLink({
        endpointUrl: hostile.endpointUrl,
        ...(isHasty ? { clock: fastClock } : {}),
        security: {
          ...OPEN,
          ...{ policy: 'Basic256Sha256', mode, certificatePath: client.certFile, keyPath: client.keyFile },
          trustListPaths: [server.certFile],
        },
      });
    return { hostile, link };
  };

  /** Attacks of a man in the middle without the server's key. */
  const fromOutside: Readonly<Record<string, Lie>> = {
    'a value in clear': ({ plain }) => [withOther(plain)],
    'an acknowledgement, and then a value in clear': ({ plain }) => [recorded.acknowledge!, withOther(plain)],
    'an answer in the form of an opening that somebody else signed': ({ plain, keys, clientCertificate }) => [
      keys.asOpening(withOther(plain), clientCertificate, forger),
    ],
    'the beginning of an answer by somebody else, and its end by the server': ({ plain, keys, clientCertificate }) => [
      keys.asOpening(withOther(plain), clientCertificate, forger, 'OPNC'),
      keys.sealed(numberedNext(plain)),
    ],
    'that it was given up': ({ plain }) => [kindOf(plain, 'MSGA')],
    'what was said before': ({ former }) => [former!],
  };

  for (const mode of MODES) {
    test(`returns correct values if the server does, and has its keys renewed: ${mode}`, async () => {
      const { hostile, link } = await open(mode, { lifetimeMs: 1000 });
      const opened = link();
      const session = await opened.session();
      assert.equal(session.server.isAuthenticated, true);
      await eventually('three renewals', async () => {
        assert.equal((await session.read([SETPOINT]))[0]?.value, VALUE);
        return hostile.renewals >= 3;
      });
      assert.deepEqual([opened.sessions, opened.losses, hostile.unprotected], [1, 0, 0]);
      await opened.link.stop();
      await hostile.close();
    });

    for (const [name, lie] of Object.entries(fromOutside)) {
      test(`[edge] ends at ${name}: ${mode}`, async () => {
        let isLying = false;
        const { hostile, link } = await open(mode, { lie: (type) => (isLying && type === READ ? lie : undefined) });
        const opened = link();
        const session = await opened.session();
        isLying = true;
        await assert.rejects(session.read([SETPOINT]), PlcUnreachable);
        assert.ok(hostile.lies > 0 && opened.losses > 0);
        await opened.link.stop();
        await hostile.close();
      });
    }

    test(`[edge] is not opened by another signer or with a malformed response: ${mode}`, async () => {
      const lies: readonly (readonly [OpeningLie, RegExp])[] = [
        [{ signer: forger }, /an answer was not sent by the server/],
        [{ nonceBytes: 16 }, /nonce/],
        [{ lifetimeMs: 0 }, /keys renewed every 0 ms/],
        [{ spoil: () => recorded.opened[0]! }, /./],
      ];
      for (const [lie, problem] of lies) {
        const { hostile, link } = await open(mode, { openingLie: () => lie });
        const opened = link();
        await opened.problem(/^(?!not connected yet)/);
        assert.match(opened.link.state.problem ?? '', problem);
        assert.equal(opened.sessions, 0);
        await opened.link.stop();
        await hostile.close();
      }
    });

    test(`[edge] ends if its keys are renewed wrongly or not at all, and sends nothing in clear: ${mode}`, async () => {
      const lies: readonly OpeningLie[] = [
        { isSilent: true },
        { tokenId: 1 },
        { signer: forger },
        { nonceBytes: 8 },
        { hasOtherKeys: true },
        { spoil: (octets) => Buffer.concat([octets.subarray(0, octets.length - 1), Buffer.of(octets.at(-1)! ^ 1)]) },
      ];
      const suffer = async (lie: OpeningLie) => {
        const { hostile, link } = await open(mode, {
          lifetimeMs: 1000,
          openingLie: (count) => (count > 0 ? lie : undefined),
        });
        const opened = link();
        const session = await opened.session();
        await eventually('the loss', async () => {
          const [reading] = await session.read([SETPOINT]).catch(() => []);
          assert.ok(reading === undefined || reading.value === VALUE);
          return opened.losses > 0;
        });
        assert.deepEqual([hostile.renewals, hostile.unprotected], [1, 0], JSON.stringify(lie));
        await opened.link.stop();
        await hostile.close();
      };
      await Promise.all(lies.map(suffer));
    });

    test(`[edge] accepts no byte that was changed in transit, and tolerates bytes that were changed before signing: ${mode}`, async (context) => {
      printSeed(context);
      const random = seededRandom(STORM_SEED);
      const bytesBefore = usedBytes();
      const names = Object.values(fromOutside);
      const onTheWay: Lie = (scene) => {
        if (below(random, 4) === 0)
          return names[below(random, names.length)]!(scene).filter((chunk) => chunk !== undefined);
        return [
          resized(mutated(scene.keys.sealed(scene.plain), [0, 8, 12, SEQUENCE_AT][below(random, 4)]!, random), random),
        ];
      };
      const before: Lie = ({ plain, keys }) => [
        below(random, 3) === 0
          ? keys.sealed(plain, (content) => mutated(content, Math.max(0, content.length - 20), random))
          : keys.sealed(mutated(plain, [BODY_AT, BODY_AT, HANDLE_AT][below(random, 3)]!, random)),
      ];
      for (const [lie, isValueChecked] of [
        [onTheWay, true],
        [before, false],
      ] as const) {
        const { hostile, link } = await open(
          mode,
          {
            lie: () => (below(random, 24) === 0 ? lie : undefined),
            openingLie: () =>
              below(random, 24) === 0
                ? { spoil: (octets) => resized(mutated(octets, below(random, 200), random), random) }
                : undefined,
          },
          true,
        );
        const strange: unknown[] = [];
        const suffer = async () => {
          const opened = link();
          while (hostile.lies < LIES / 4) {
            const session = await opened.session();
            const results = await Promise.allSettled([
              session.watch([SETPOINT], 50, (values) =>
                strange.push(...(isValueChecked ? values.filter(([, { value }]) => value !== VALUE) : [])),
              ),
              ...Array.from({ length: 4 }, () => session.read([SETPOINT])),
            ]);
            for (const result of results) {
              if (result.status === 'rejected' && !(result.reason instanceof PlcError)) strange.push(result.reason);
              if (!isValueChecked || result.status === 'rejected' || !Array.isArray(result.value)) continue;
              strange.push(...result.value.filter(({ value }) => value !== VALUE));
            }
          }
          await opened.link.stop();
        };
        await Promise.all(Array.from({ length: LINKS }, suffer));
        context.diagnostic(`${hostile.lies} lies`);
        assert.deepEqual([strange, hostile.unprotected], [[], 0]);
        await hostile.close();
      }
      const grownBytes = usedBytes() - bytesBefore;
      assert.ok(grownBytes < MAX_GROWTH_BYTES, `${grownBytes} octets more than before`);
    });
  }
});

const signerOf = ({ certFile, keyFile }: RsaCertificate): Signer => ({
  certificate: new X509Certificate(readFileSync(certFile)).raw,
  key: createPrivateKey(readFileSync(keyFile)),
});

/** Replaces the right value anywhere in an answer with the forged one. */
function withOther(plain: Buffer): Buffer {
  const [right, wrong] = [VALUE, OTHER].map((value) => {
    const octets = Buffer.alloc(8);
    octets.writeDoubleLE(value);
    return octets;
  }) as [Buffer, Buffer];
  const changed = Buffer.from(plain);
  for (let at = changed.indexOf(right); at >= 0; at = changed.indexOf(right)) wrong.copy(changed, at);
  return changed;
}

/** Returns a copy with the next sequence number. */
function numberedNext(plain: Buffer): Buffer {
  const copy = Buffer.from(plain);
  copy.writeUInt32LE(copy.readUInt32LE(SEQUENCE_AT) + 1, SEQUENCE_AT);
  return copy;
}

function kindOf(plain: Buffer, kind: string): Buffer {
  const copy = Buffer.from(plain);
  copy.write(kind, 0, 'latin1');
  return copy;
}

/** Usually corrects the size in the header, because clients drop chunks with a wrong size immediately. */
function resized(chunk: Buffer, random: ReturnType<typeof seededRandom>): Buffer {
  if (chunk.length >= 8 && random.float() < 0.7) chunk.writeUInt32LE(chunk.length, 4);
  return chunk;
}
