import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { invitationLink, readInvitation } from '@medkit/tunnel';
import { startProgram } from '../harness/program.ts';
import { startTestHub } from '../harness/test-hub.ts';

const root = mkdtempSync(join(tmpdir(), 'medkit-enrol-'));
after(() => rmSync(root, { recursive: true }));

/** Runs `medkit enrol` with a data folder. */
async function enrol(folder: string, ...args: readonly string[]) {
  const program = startProgram(['enrol', ...args, '--data-dir', folder]);
  return { code: await program.ended, text: program.output() };
}

suite('medkit enrol', { timeout: 240_000 }, () => {
  test('prints what the hub may do, enrols, and prints what to do next; again with the same link, and after a kill', async () => {
    await using hub = await startTestHub();
    const folder = join(root, 'robot');
    const first = await enrol(folder, hub.link, '--yes');
    assert.equal(first.code, 0, first.text);
    const name = new URL(hub.url).host;
    assert.ok(first.text.includes(`The hub ${name} with the key ${hub.fingerprint}`), first.text);
    assert.match(first.text, /the role operator: .*operations\.run/);
    assert.ok(first.text.includes(`amr-17 is enrolled at ${name}`), first.text);
    const key = readFileSync(join(folder, 'uplink', 'key.pem'), 'utf8');
    // A process that was killed between the reply of the hub and the file.
    rmSync(join(folder, 'uplink', 'hub.json'));
    const again = await enrol(folder, hub.link, '--yes', '--json');
    assert.equal(again.code, 0, again.text);
    assert.equal(readFileSync(join(folder, 'uplink', 'key.pem'), 'utf8'), key);
    assert.equal(hub.record.robots.size, 1);

    const unanswered = await enrol(folder, '--seal');
    assert.equal(unanswered.code, 2, unanswered.text);
    assert.match(unanswered.text, /pass --yes/);
    const sealed = await enrol(folder, '--seal', '--yes');
    assert.equal(sealed.code, 0, sealed.text);
    assert.throws(() => readFileSync(join(folder, 'uplink', 'key.pem')));
  });

  test('--first-boot waits for the hub, enrols with the link of a file, and does nothing once it is enrolled', async () => {
    const first = await startTestHub();
    const port = Number(new URL(first.url).port);
    await first[Symbol.asyncDispose]();
    const file = join(root, 'invitation');
    writeFileSync(file, `${first.link}\n`);
    const folder = join(root, 'image');
    const boot = ['enrol', '--first-boot', '--data-dir', folder];
    const config = join(root, 'image.yaml');
    writeFileSync(config, `hub:\n  invitation_file: ${file}\n`);
    const waiting = startProgram([...boot, '--config', config]);
    await waiting.printed(/next attempt in \d+ s/);
    await using hub = await startTestHub({ key: first.key, port });
    assert.equal(await waiting.ended, 0, waiting.output());
    assert.match(waiting.output(), /the role operator: [\s\S]*amr-17 is enrolled at/);
    assert.equal(hub.record.robots.size, 1);
    const again = await enrol(folder, '--first-boot');
    assert.deepEqual([again.code, /amr-17 is enrolled at .*nothing to do/.test(again.text)], [0, true], again.text);
  });

  test('adds a second hub on request only, refuses a third one, and removes one hub or all', async () => {
    await using first = await startTestHub();
    await using second = await startTestHub();
    await using third = await startTestHub();
    const [one, two] = [new URL(first.url).host, new URL(second.url).host];
    const folder = join(root, 'two-hubs');
    assert.equal((await enrol(folder, first.link, '--yes')).code, 0);
    const refused = await enrol(folder, second.link, '--yes');
    assert.equal(refused.code, 10, refused.text);
    assert.ok(refused.text.includes(`enrolled at ${one} as amr-17`), refused.text);
    assert.match(refused.text, /at a second hub, add --add; to replace the hub, run `medkit enrol --seal` first/);
    const added = await enrol(folder, second.link, '--add', '--yes');
    assert.equal(added.code, 0, added.text);
    assert.ok(added.text.includes(`stays enrolled at ${one}, whose settings do not apply to this hub`), added.text);
    const beyond = await enrol(folder, third.link, '--add', '--yes');
    assert.equal(beyond.code, 10, beyond.text);
    assert.match(beyond.text, /the maximum: run `medkit enrol --remove <hub>`/);
    assert.equal(third.record.robots.size, 0);
    const unknown = await enrol(folder, '--remove', 'elsewhere', '--yes');
    assert.equal(unknown.code, 2, unknown.text);
    assert.ok(unknown.text.includes(`enrolled at ${one} and ${two}`), unknown.text);
    const left = await enrol(folder, '--remove', one, '--yes');
    assert.equal(left.code, 0, left.text);
    assert.match(left.text, new RegExp(`${two} and its users will have the role operator: `));
    assert.ok(left.text.includes(`stays enrolled at ${two}`), left.text);
    const boot = await enrol(folder, '--first-boot');
    assert.ok(boot.text.includes(`amr-17 is enrolled at ${two}: nothing to do`), boot.text);
    assert.equal((await enrol(folder, '--seal', '--yes')).code, 0);
    assert.deepEqual(readdirSync(join(folder, 'uplink')), []);
  });

  test('prints the role that the invitation requests; that of the configuration counts', async () => {
    await using hub = await startTestHub();
    const link = invitationLink({ ...readInvitation(hub.link), role: 'configurator' });
    const config = join(root, 'viewer.yaml');
    writeFileSync(config, 'hub:\n  role: viewer\n');
    const [invited, configured, altered] = await Promise.all([
      enrol(join(root, 'invited'), link, '--yes'),
      enrol(join(root, 'configured'), link, '--yes', '--config', config),
      enrol(join(root, 'altered'), link.replace('configurator', 'admin'), '--yes'),
    ]);
    assert.deepEqual([invited.code, configured.code, altered.code], [0, 0, 2]);
    assert.match(invited.text, /the role configurator: /);
    assert.match(configured.text, /the role viewer: /);
    assert.equal(JSON.parse(readFileSync(join(root, 'invited', 'uplink', 'hub.json'), 'utf8')).role, 'configurator');
  });

  test('--first-boot ends if there is no link, or if the hub refuses it', async () => {
    await using hub = await startTestHub();
    const wrong = invitationLink({ url: hub.url, code: '0'.repeat(16), hubFingerprint: hub.fingerprint });
    const folder = join(root, 'refused');
    const [refused, missing, absent] = await Promise.all([
      enrol(folder, '--first-boot', wrong),
      enrol(join(root, 'missing'), '--first-boot'),
      enrol(join(root, 'absent'), '--first-boot', '--link-file', join(root, 'none')),
    ]);
    assert.deepEqual([refused.code, missing.code, absent.code], [10, 2, 3], refused.text + missing.text + absent.text);
    assert.match(refused.text, /invite-unknown/);
  });

  test('asks before it agrees, and refuses a wrong link, another hub and a hub that is away', async () => {
    const hub = await startTestHub();
    const folder = join(root, 'other');
    const [unanswered, wrong, short] = await Promise.all([
      enrol(folder, hub.link),
      enrol(folder, `${hub.link.slice(0, -1)}${hub.link.endsWith('0') ? '1' : '0'}`, '--yes'),
      enrol(folder, hub.link.slice(0, -5), '--yes'),
    ]);
    assert.deepEqual([unanswered.code, wrong.code, short.code], [2, 2, 2]);
    assert.match(unanswered.text, /pass --yes/);
    assert.match(wrong.text, /a character after # is wrong/);
    assert.match(short.text, /40 letters and digits.*in quotes/);
    assert.equal(hub.record.robots.size, 0);
    const port = Number(new URL(hub.url).port);
    await hub[Symbol.asyncDispose]();
    const away = await enrol(folder, hub.link, '--yes');
    assert.equal(away.code, 7, away.text);
    assert.match(away.text, /run the same command again/);
    await using _impostor = await startTestHub({ port });
    const other = await enrol(folder, hub.link, '--yes');
    assert.equal(other.code, 10, other.text);
    assert.match(other.text, /hub-not-the-one-invited/);
  });
});
