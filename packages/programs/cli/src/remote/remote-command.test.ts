import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CommandFailed } from '../command/failure.ts';
import { type Remote, remoteCommand } from './remote-command.ts';

/** A command with this usage, and the inputs of its runs. */
function commandOf(usage: string) {
  const runs: Remote[] = [];
  const command = remoteCommand({
    usage,
    about: ['Does something.'],
    options: { follow: { short: 'f', about: 'goes on' }, limit: { takes: '<count>', about: 'at most' } },
    examples: [['do it', 'does it']],
    run: async (remote) => {
      runs.push(remote);
      return 0;
    },
  });
  return { command, runs };
}

const isUsage = (error: Error) => error instanceof CommandFailed && error.exitCode === 2;

describe('a command that asks a gateway', () => {
  it('accepts as many arguments as its usage names', async () => {
    for (const [usage, least, most] of [
      ['apps [id]', 0, 1],
      ['set <entity> <parameter> [value]', 2, 3],
      ['call <entity> [operation] [arguments] …', 1, 9],
    ] as const) {
      const { command } = commandOf(usage);
      const argsOf = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`);
      if (least > 0) await assert.rejects(command.run(argsOf(least - 1)), isUsage, usage);
      assert.equal(await command.run(argsOf(least)), 0);
      assert.equal(await command.run(argsOf(most)), 0);
      if (most < 9) await assert.rejects(command.run(argsOf(most + 1)), isUsage, usage);
    }
  });

  it('accepts its options together with those of the connection', async () => {
    const { command, runs } = commandOf('logs [entity]');
    await command.run(['-f', '--limit', '5', 'lidar', '--json', '--url', 'robot-01']);
    const [{ client, args, values, json }] = runs;
    assert.deepEqual([client.url, args, json], ['http://robot-01:8080', ['lidar'], true]);
    assert.deepEqual([values.follow, values.limit], [true, '5']);
    await assert.rejects(command.run(['--limt', '5']), /unknown option --limt. Did you mean --limit\?/);
  });

  it('shows all of them in its help', () => {
    const help = String(commandOf('logs [entity]').command.help());
    for (const part of [
      'logs [entity] [options]',
      '-f, --follow',
      '--limit <count>',
      '--token-file',
      '--json',
      'do it',
    ]) {
      assert.ok(help.includes(part), part);
    }
  });
});
