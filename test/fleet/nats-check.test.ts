import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { startNats } from '../harness/nats.ts';
import { startProgram } from '../harness/program.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

describe('medkit hub check with servers of NATS', { skip: missingSystemPackages('nats'), timeout: 60_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), 'medkit-nats-check-'));
  after(() => rmSync(root, { recursive: true }));
  const check = async (servers: readonly string[], env: Record<string, string> = {}) => {
    const program = startProgram(['hub', 'check', '--data-dir', join(root, 'hub'), '--json'], {
      env: { MEDKIT_FLEET_NATS_SERVERS: servers.join(), MEDKIT_FLEET_NATS_HUB_NAME: 'hub', ...env },
    });
    const code = await program.ended;
    const found = JSON.parse(program.output()) as { subject: string; state: string; text: string; remedy?: string }[];
    return { code, found: found.filter(({ subject }) => subject === 'nats') };
  };

  it('names the version, JetStream and the stream of each server, and what to do', async () => {
    await using server = await startNats();
    await using without = await startNats({ hasJetStream: false });
    const { code, found } = await check([server.url, without.url, 'nats://127.0.0.1:1']);
    assert.equal(code, 1);
    const lines = found.map(({ state, text }) => `${state} ${text}`);
    assert.match(
      lines[0]!,
      /^ok nats:\/\/127.0.0.1:\d+: NATS 2\.\d+\.\d+ with JetStream, the hub creates the stream CHANGES_hub$/,
    );
    const [warning] = found.filter(({ state }) => state === 'warning');
    if (warning) assert.match(warning.remedy ?? '', /^update the server to 2\.1[12]\.\d+, or let only hubs/);
    assert.match(lines.at(-2)!, /^error cannot examine the stream CHANGES_hub: .*enable JetStream/);
    assert.match(lines.at(-1)!, /^error cannot connect to nats:\/\/127\.0\.0\.1:1: .*start NATS/);
  });

  it('prints no secret of the credentials', async () => {
    await using server = await startNats({ lines: ['authorization { user: medkit, password: purple }'] });
    const file = join(root, 'credentials');
    writeFileSync(file, 'medkit:turbine');
    const { found } = await check([server.url], { MEDKIT_FLEET_NATS_CREDENTIALS_FILE: file });
    assert.match(found[0]!.text, /cannot connect/);
    assert.doesNotMatch(JSON.stringify(found), /turbine/);
  });
});
