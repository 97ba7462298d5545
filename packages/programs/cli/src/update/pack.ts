import { resolve } from 'node:path';
import { systemClock, systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { MANIFEST_FILE, type Packed, packArtifact, privateKey, SIGNATURE_FILE } from '@medkit/updates/artifact';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';

/** `medkit update pack`: creates an update artifact from a folder. */
export const pack: CommandProgram = {
  help: () =>
    helpText({
      usage: 'update pack <folder> --id <id> --version <version>',
      about: [
        `Creates an update from a folder: writes ${MANIFEST_FILE} with size, mode and SHA-256 digest of every file, and signs it in`,
        `${SIGNATURE_FILE}. Then send it with \`update upload\`. Prints the JSON body that registers the update.`,
      ],
      options: [
        ['--id <id>', 'id of the update, 1 to 200 characters of A-Z a-z 0-9 . _ - (required)'],
        ['--version <version>', 'version of the content (required)'],
        ['--target <target>', 'target of the update; must equal updates.target of the gateway (default robot)'],
        [
          '--epoch <n>',
          'rollback protection: a robot rejects an epoch below one it has used (default: Unix time in seconds)',
        ],
        ['--key <file>', 'PEM file with the private Ed25519 key for the signature (default: not signed)'],
      ],
      examples: [
        [
          'update pack release --id navigation-2.1.0 --version 2.1.0 --target amr --key signing-key.pem',
          'sign a release',
        ],
      ],
    }),

  async run(args) {
    const { values, positionals } = await parseArguments(args, {
      id: { type: 'string' },
      version: { type: 'string' },
      target: { type: 'string' },
      epoch: { type: 'string' },
      key: { type: 'string' },
    });
    const [folderArg, ...others] = positionals;
    expectNoArguments(others);
    if (folderArg === undefined) throw new CommandFailed('missing argument: the folder. See --help', ExitCode.usage);
    const { id, version, target = 'robot', key } = values;
    if (typeof id !== 'string' || typeof version !== 'string') {
      throw new CommandFailed('missing option: --id and --version are required. See --help', ExitCode.usage);
    }
    const folder = await systemFiles.canonical(resolve(folderArg));
    if (folder === undefined) throw new CommandFailed(`cannot read ${folderArg}: no such folder`);
    const packed = await packArtifact({
      folder,
      id,
      version,
      target: String(target),
      epoch: epochOf(values.epoch),
      files: { ...systemFiles, ...systemWritableFiles },
      ...(typeof key === 'string' && { key: await keyIn(key) }),
    });
    if (key === undefined)
      console.error('warning: the update is not signed: a gateway accepts it only with updates.allow_unsigned');
    console.log(registration(packed));
    return ExitCode.ok;
  },
};

function epochOf(value: unknown): number {
  if (value === undefined) return Math.floor(systemClock.wallMs() / 1000);
  if (/^\d{1,15}$/.test(String(value))) return Number(value);
  throw new CommandFailed(`--epoch: expected an integer of at most 15 digits, found "${value}"`, ExitCode.usage);
}

async function keyIn(file: string) {
  const pem = await systemFiles.readText(resolve(file));
  if (pem === undefined) throw new CommandFailed(`cannot read the key ${file}: no such file`);
  try {
    return privateKey(pem);
  } catch (error) {
    throw new CommandFailed(`cannot use the key ${file}: ${(error as Error).message}`);
  }
}

/** Request body that registers the update. */
function registration({ manifest: { id, version }, sha256 }: Packed): string {
  return JSON.stringify({ id, version, 'x-medkit': { sha256 } }, undefined, 2);
}
