import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultProvider } from '@medkit/core';
import { app, area, fault, memoryFaults } from '@medkit/core/testing';
import { eventually } from '../harness/eventually.ts';
import { freePort } from './free-port.ts';
import { type RealGatewayOptions, realGateway } from './real-gateway.ts';

type Gateway = Awaited<ReturnType<typeof realGateway>>;

/** A robot with an app in a shared area, and a fault of it. */
function robot(name: string): NonNullable<RealGatewayOptions['robot']> {
  const node = `/${name}_arm`;
  const faults = [fault(`JAM_${name.toUpperCase()}`, { sources: [node] })];
  return {
    areas: [area('hall')],
    apps: [app(`${name}_arm`, { node, address: { runtime: 'ros2', nativeId: node }, source: 'manifest' })],
    records: { isEntity: () => true },
    providers: { faults: memoryFaults({ faults }) },
  };
}

const start = (name: string, shows: readonly (readonly [string, Gateway])[] = []): Promise<Gateway> =>
  realGateway({
    instance: name,
    robot: robot(name),
    peers: Object.fromEntries(shows.map(([peer, { url }]) => [peer, url])),
  });

async function idsOf(gateway: Gateway): Promise<readonly string[]> {
  return (await gateway.ask('GET', '/apps')).body.items.map(({ id }: { readonly id: string }) => id).sort();
}

const shows = (gateway: Gateway, ids: readonly string[]) =>
  eventually(`[${ids}]`, async () => String(await idsOf(gateway)) === String(ids));

async function codesOf(gateway: Gateway, path = '/faults'): Promise<readonly string[]> {
  const { items, 'x-medkit': facts } = (await gateway.ask('GET', path)).body;
  assert.equal(facts.partial, undefined);
  return items.map((item: { readonly fault_code: string }) => item.fault_code).sort();
}

describe('a gateway that is reached by several routes', () => {
  it('has its entities and faults once if it is a direct peer and also aggregated by another', async () => {
    await using crane = await start('crane');
    await using yard = await start('yard', [['crane', crane]]);
    await using head = await start('head', [
      ['yard', yard],
      ['crane', crane],
    ]);
    await shows(yard, ['crane_arm', 'yard_arm']);
    await shows(head, ['crane_arm', 'head_arm', 'yard_arm']);
    assert.deepEqual(await codesOf(head), ['JAM_CRANE', 'JAM_HEAD', 'JAM_YARD']);
    assert.deepEqual(await codesOf(yard), ['JAM_CRANE', 'JAM_YARD']);
  });

  it('has them once if two others aggregate it, by the second after the first disconnects', async () => {
    await using crane = await start('crane');
    await using yard = await start('yard', [['crane', crane]]);
    const dock = await start('dock', [['crane', crane]]);
    await using head = await start('head', [
      ['yard', yard],
      ['dock', dock],
    ]);
    try {
      await shows(head, ['crane_arm', 'dock_arm', 'head_arm', 'yard_arm']);
      const contributors = async () => (await head.ask('GET', '/apps/crane_arm')).body['x-medkit'].contributors;
      assert.deepEqual(await contributors(), ['peer:dock']);
      assert.deepEqual(await codesOf(head), ['JAM_CRANE', 'JAM_DOCK', 'JAM_HEAD', 'JAM_YARD']);
      await dock.close();
      await eventually('the other way', async () => String(await contributors()) === 'peer:yard');
      assert.deepEqual(await idsOf(head), ['crane_arm', 'dock_arm', 'head_arm', 'yard_arm']);
    } finally {
      await dock.close();
    }
  });

  it('is queried once for a list if every gateway aggregates all others, however many paths exist', async () => {
    const names = ['arm', 'crane', 'dock', 'gate', 'yard'];
    const ports = await Promise.all(names.map(freePort));
    let queryCount = 0;
    const gateways = await Promise.all(
      names.map((name, index) => {
        const others = names.flatMap((other, at) => (other === name ? [] : [[other, `http://127.0.0.1:${ports[at]}`]]));
        const localRobot = robot(name);
        const faults = localRobot.providers?.faults as FaultProvider;
        const list: FaultProvider['list'] = (...question) => {
          queryCount += 1;
          return faults.list(...question);
        };
        const providers = { faults: { ...faults, list } };
        const peers = Object.fromEntries(others);
        return realGateway({
          instance: name,
          robot: { ...localRobot, providers },
          peers,
          port: ports[index] as number,
        });
      }),
    );
    try {
      for (const gateway of gateways)
        await shows(
          gateway,
          names.map((name) => `${name}_arm`),
        );
      queryCount = 0;
      assert.deepEqual(
        await codesOf(gateways[0] as Gateway),
        names.map((name) => `JAM_${name.toUpperCase()}`),
      );
      assert.equal(queryCount, names.length);
    } finally {
      for (const gateway of gateways) await gateway.close();
    }
  });
});
