import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SETTINGS } from '../../packages/gateway/src/config/settings.ts';
import { WARNING_KINDS } from '../../packages/gateway/src/health/warning-kinds.ts';
import { findCommand } from '../../packages/programs/cli/src/command/find-command.ts';
import { COMMANDS } from '../../packages/programs/cli/src/commands.ts';
import { FINDINGS } from '../../packages/programs/cli/src/doctor/findings/findings-table.ts';

/** Options that `medkit` accepts without a command. */
const WITHOUT_COMMAND = ['--version', '--help'];
const SECTIONS = new Set(Object.keys(SETTINGS).map((key) => key.split('.', 1)[0]));
/** Files and units that look like a setting. */
const NO_SETTINGS = /\.(?:d|conf|yaml|pcap|sh|md|rmem_max)$/;

interface Advice {
  readonly of: string;
  readonly text: string;
  /** Commands that can be typed verbatim. */
  readonly commands: readonly string[];
}

const advice: readonly Advice[] = [
  ...Object.entries(WARNING_KINDS).map(
    ([
      of,
      {
        remedy: { text, command },
      },
    ]) => ({
      of: `warning ${of}`,
      text,
      commands: command === undefined ? [] : [command],
    }),
  ),
  ...Object.entries(FINDINGS).map(([of, { remedy: text, means }]) => ({
    of: `finding ${of}`,
    text: `${text} ${means}`,
    commands: [...text.matchAll(/`([^`]+)`/g)].map(([, command = '']) => command),
  })),
];

test('every command that a remedy names exists, with its words and options', async () => {
  const problems: string[] = [];
  let checked = 0;
  for (const { of, commands } of advice) {
    for (const command of commands) {
      const [, typed] = /(?:^|\s)medkit( .*)?$/.exec(command) ?? [];
      if (typed === undefined) continue;
      const args = typed.trim().split(/\s+/);
      if (WITHOUT_COMMAND.includes(args.join(' '))) continue;
      const found = findCommand(COMMANDS, args);
      if (found === undefined) {
        problems.push(`${of}: there is no command ${command}`);
        continue;
      }
      checked++;
      const help = await (await found.command.load()).help();
      for (const option of found.rest.filter((word) => word.startsWith('--'))) {
        if (!help.includes(option)) problems.push(`${of}: ${command} has no option ${option}`);
      }
      const usage = /^.*\bmedkit (?!--)(.*)$/m.exec(help)?.[1] ?? '';
      const name = args.slice(0, args.length - found.rest.length).join(' ');
      const needed = (
        usage
          .slice(usage.indexOf(name) + name.length)
          .replaceAll(/\[[^\]]*\]/g, '')
          .match(/<[^>]+>/g) ?? []
      ).length;
      const values = found.rest.filter((word, at) => !word.startsWith('--') && !found.rest[at - 1]?.startsWith('--'));
      if (values.length < needed) problems.push(`${of}: ${command} needs ${needed} words: ${usage}`);
    }
  }
  assert.deepEqual(problems, []);
  assert.ok(checked > 30, String(checked));
});

test('every setting that a remedy names exists', () => {
  const problems = advice.flatMap(({ of, text }) =>
    [...text.matchAll(/\b[a-z_]+(?:\.[a-z_]+)+\b/g)]
      .map(([key]) => key)
      .filter((key) => SECTIONS.has(key.split('.', 1)[0]) && !NO_SETTINGS.test(key) && !Object.hasOwn(SETTINGS, key))
      .map((key) => `${of}: there is no setting ${key}`),
  );
  assert.deepEqual(problems, []);
});
