import { resolve } from 'node:path';
import { systemClock, systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { MANIFEST_FILE, type Packed, packArtifact, privateKey, SIGNATURE_FILE } from '@medkit/updates';
import { columns } from '../command/columns.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoWords, parseWords } from '../command/parse-words.ts';

/** `medkit update pack`: makes a folder an artifact that a gateway installs. */
export const pack: CommandProgram = {
  help: () =>
    [
      `${invocation(process.env)} update pack <folder> --id <id> --version <version> [options]`,
      '',
      `Writes ${MANIFEST_FILE} into a folder, with the size, mode and SHA-256 of every file in it, and signs that as`,
      `${SIGNATURE_FILE}. Put the folder into updates.dir of a robot then, and register it with what is printed.`,
      '',
      columns([
        ['--id <id>', 'of the update, 1 to 200 of A-Z a-z 0-9 . _ -'],
        ['--version <version>', 'of what is in it'],
        ['--target <target>', 'what it is for, as updates.target of the gateway says (robot)'],
        [
          '--epoch <n>',
          'a robot refuses what has a smaller one than it has had in use; the time in seconds unless given',
        ],
        ['--key <file>', 'private Ed25519 key, PEM; without one it is not signed'],
      ]),
    ].join('\n'),

  async run(words) {
    const { values, positionals } = await parseWords(words, {
      id: { type: 'string' },
      version: { type: 'string' },
      target: { type: 'string' },
      epoch: { type: 'string' },
      key: { type: 'string' },
    });
    const [given, ...others] = positionals;
    expectNoWords(others);
    if (given === undefined) throw new CommandFailed('which folder? See --help', ExitCode.usage);
    const { id, version, target = 'robot', key } = values;
    if (typeof id !== 'string' || typeof version !== 'string') {
      throw new CommandFailed('--id and --version say what it is. See --help', ExitCode.usage);
    }
    const folder = await systemFiles.canonical(resolve(given));
    if (folder === undefined) throw new CommandFailed(`there is no folder ${given}`);
    const packed = await packArtifact({
      folder,
      id,
      version,
      target: String(target),
      epoch: epochOf(values.epoch),
      files: { ...systemFiles, ...systemWritableFiles },
      ...(typeof key === 'string' && { key: await keyIn(key) }),
    });
    if (key === undefined) console.error('It is not signed: a gateway takes it only with updates.allow_unsigned');
    console.log(registration(packed));
    return ExitCode.ok;
  },
};

function epochOf(given: unknown): number {
  if (given === undefined) return Math.floor(systemClock.wallMs() / 1000);
  if (/^\d{1,15}$/.test(String(given))) return Number(given);
  throw new CommandFailed(`--epoch: ${given} is no whole number`, ExitCode.usage);
}

async function keyIn(file: string) {
  const pem = await systemFiles.readText(resolve(file));
  if (pem === undefined) throw new CommandFailed(`there is no key ${file}`);
  try {
    return privateKey(pem);
  } catch (error) {
    throw new CommandFailed(`${file}: ${(error as Error).message}`);
  }
}

/** The body with which it is registered. */
function registration({ manifest: { id, version }, sha256 }: Packed): string {
  return JSON.stringify({ id, version, 'x-medkit': { sha256 } }, undefined, 2);
}
