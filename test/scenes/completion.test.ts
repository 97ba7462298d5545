import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { DemoScene } from './demo-scene.ts';

const root = join(import.meta.dirname, '..', '..');
const shellsMissing = missingSystemPackages('shells');

/** Calls the function of the script as bash does when a user types `line` and a tab. */
const BASH = `
source <(medkit completion bash)
complete_line() {
  COMP_LINE=$1 COMP_POINT=\${#1}
  read -ra COMP_WORDS <<<"$1"
  [[ $1 == *' ' ]] && COMP_WORDS+=('')
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _medkit
  printf '%s\\n' "\${COMPREPLY[@]}"
}
complete_line "$1"
`;

/** The same on a robot whose names are shell commands. */
const HOSTILE = `
source <(medkit completion bash)
medkit() { printf '%s\\t\\n' 'a b' '$(reboot)' 'x;y' node:rate inc_1@gate; }
COMP_LINE='medkit apps ' COMP_POINT=12 COMP_WORDS=(medkit apps '') COMP_CWORD=2
_medkit
printf '%s\\n' "\${COMPREPLY[@]}"
`;

/**
 * Types a line and a tab into a zsh on a separate terminal and prints its screen. Repeats the tab until the screen
 * contains `$2`: on a busy machine the gateway may take longer than the completion waits.
 */
const ZSH = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1=; autoload -Uz compinit; compinit -u -D; source <(medkit completion zsh); print rea""dy'
zpty -r shell shown '*ready*'
zpty -w -n shell "$1"
for attempt in {1..15}; do
  zpty -w -n shell $'\\t'
  sleep 1
  while zpty -r -t shell more; do shown+=$more; done
  [[ $shown == *"$2"* ]] && break
done
print -r -- "$shown"
zpty -d shell
`;

describe('completion', () => {
  let scene: DemoScene;
  let environment: NodeJS.ProcessEnv;

  before(async () => {
    scene = await DemoScene.open();
    await scene.waitForApps(['lidar_driver']);
    const bin = join(scene.sandbox.folder, 'bin');
    mkdirSync(bin);
    const program = join(root, 'packages', 'programs', 'cli', 'src', 'main.ts');
    const medkit = `#!/bin/sh\nexec '${process.execPath}' --disable-warning=ExperimentalWarning '${program}' "$@"\n`;
    writeFileSync(join(bin, 'medkit'), medkit, { mode: 0o755 });
    environment = { ...scene.sandbox.environment, MEDKIT_URL: scene.url, PATH: `${bin}:${process.env.PATH}` };
  });
  after(() => scene[Symbol.asyncDispose]());

  const shell = (program: string, args: readonly string[], changes: NodeJS.ProcessEnv = {}) => {
    const { status, stdout, stderr } = spawnSync(program, args, {
      encoding: 'utf8',
      env: { ...environment, ...changes },
      timeout: 30_000,
    });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const bash = (line: string, changes?: NodeJS.ProcessEnv) =>
    shell('bash', ['--norc', '-c', BASH, 'bash', line], changes).trimEnd().split('\n');
  /** Retries if nothing is offered: on a busy machine the gateway may take longer than the completion waits. */
  const offered = (line: string) =>
    eventually(`names at the end of '${line}'`, async () => {
      const candidates = bash(line);
      return candidates[0] !== '' && candidates;
    });

  test('in bash: commands, options, and the names of the robot', async () => {
    assert.deepEqual(bash('medkit lo'), ['logs', 'lock', 'login', 'logout']);
    assert.deepEqual(bash('medkit trigger re'), ['remove']);
    assert.deepEqual(bash('medkit logs --sev'), ['--severity']);
    assert.deepEqual(await offered('medkit apps li'), ['lidar_driver', 'lifecycle_manager_navigation']);
    assert.deepEqual(await offered('medkit logs --severity error lidar_d'), ['lidar_driver']);
    assert.deepEqual(await offered('medkit set lidar_driver scan_'), ['scan_rate_hz']);
    assert.deepEqual(await offered('medkit call bt_navigator '), ['navigate_to_pose']);
  });

  test('in bash: a word with a colon is completed after it', async () => {
    assert.deepEqual(await offered('medkit get navigation nav2_planner:use'), ['use_sim_time']);
  });

  test('in bash: a name is one word, and never a command', () => {
    const completions = shell('bash', ['--norc', '-c', HOSTILE]).trimEnd().split('\n');
    assert.deepEqual(completions, ['a\\ b', '\\$\\(reboot\\)', 'x\\;y', 'node:rate', 'inc_1@gate']);
  });

  test('without a gateway no names are offered, quickly and silently', () => {
    assert.deepEqual(bash('medkit apps li', { MEDKIT_URL: 'http://127.0.0.1:9' }), ['']);
  });

  test('in fish, with descriptions', { skip: shellsMissing }, async () => {
    const fish = (line: string) =>
      shell('fish', ['--no-config', '-c', `medkit completion fish | source; complete -C '${line}'`])
        .trimEnd()
        .split('\n');
    assert.deepEqual(fish('medkit unl'), ['unlock\tRelease your locks on an entity']);
    const names = await eventually('names in fish', async () => {
      const lines = fish('medkit apps lidar');
      return lines[0] !== '' && lines;
    });
    assert.deepEqual(names, ['lidar_driver\tScanner driver']);
  });

  test('in zsh, with descriptions', { skip: shellsMissing }, () => {
    const output = shell('zsh', ['-f', '-c', ZSH, 'zsh', 'medkit apps li', 'lifecycle_manager_navigation']);
    assert.match(output, /lidar_driver +-- Scanner driver/);
  });
});
