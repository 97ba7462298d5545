import { hostname, release, type } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock, systemFiles, systemRandom, systemWritableFiles } from '@medkit/edges/node';
import { type GatewayConfig, StartRefused } from '@medkit/gateway';
import {
  EnrolmentRefused,
  enrolAtFirstBoot,
  enrolRobot,
  holderOf,
  hubName,
  hubPermissions,
  hubRole,
  InvalidInvitation,
  type Invitation,
  type RobotEnrolment,
  readInvitation,
  sealRobot,
  storedEnrolment,
  UplinkFileBroken,
} from '@medkit/gateway/enrol';
import { FOLDER_OPTION_LINES, FOLDER_OPTIONS, folderConfig, giveToOwner } from '../auth/data-folder.ts';
import { ask, isInteractive } from '../command/ask.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { enrolledLine, enrolmentLines, pauseLine } from './enrolment-lines.ts';

/** Files of the uplink and of the lock in the data folder. */
const UPLINK_FILES = /^(?:uplink|gateway\.lock)(?:[./-]|$)/;
const files = { ...systemFiles, ...systemWritableFiles };

/** `medkit enrol`: enrols this robot at a fleet hub, or removes its key. */
export const enrol: CommandProgram = {
  help: () =>
    helpText({
      usage: 'enrol [link]',
      about: [
        'Enrols this robot at a fleet hub with the link of an invitation: prints what the hub will be allowed to do, asks, and',
        'creates the key of the robot in its data folder. The code is sent only to the hub whose key the link names. If the command',
        'was interrupted, run it again with the same link. A running gateway connects after its next start.',
      ],
      options: [
        ['--yes', 'agree to what the hub will be allowed to do, or to --seal'],
        ['--first-boot', 'for an image: do nothing if enrolled; wait for the network; never ask'],
        ['--link-file <file>', 'file with the link (with --first-boot, default: the setting hub.invitation_file)'],
        ['--seal', 'remove key and enrolment, before an image of the disk is made; needs no link'],
        ['--json', 'print the enrolment as JSON'],
        ...FOLDER_OPTION_LINES,
      ],
      examples: [
        ["enrol 'https://hub.example.com/#7KQ2-9FXM-…'", 'enrol this robot with an invitation'],
        ['enrol --first-boot --link-file /etc/medkit/invitation', 'enrol each robot of an image when it starts first'],
        ['enrol --seal', 'prepare an image: each robot then enrols with a key that it creates itself'],
      ],
    }),

  async run(args) {
    const flag = { type: 'boolean' } as const;
    const file = { 'link-file': { type: 'string' } } as const;
    const options = { ...FOLDER_OPTIONS, ...file, yes: flag, seal: flag, json: flag, 'first-boot': flag };
    const { values, positionals } = await parseArguments(args, options);
    const config = await folderConfig(values);
    if (values.seal) {
      expectNoArguments(positionals);
      return seal(config, values.yes === true);
    }
    const [link, ...more] = positionals;
    expectNoArguments(more);
    const isFirstBoot = values['first-boot'] === true;
    if (isFirstBoot) {
      const known = await explained(() => storedEnrolment({ config, files }));
      if (known) {
        console.log(values.json ? JSON.stringify(known) : enrolledLine(known.robot, hubName(known)));
        return ExitCode.ok;
      }
    }
    const invitation = invitationFrom(
      link ?? (await linkInFile(values['link-file']?.toString() ?? configuredFile(config, isFirstBoot))),
    );
    await agree(config, invitation, values.yes === true || isFirstBoot);
    const attempt = () => enrolOnce(config, invitation);
    const { result, isRunning } = await explained(isFirstBoot ? () => untilEnrolled(attempt) : attempt);
    if (values.json) console.log(JSON.stringify(result));
    else for (const line of enrolmentLines(result, hubName(result), isRunning)) console.log(line);
    return ExitCode.ok;
  },
};

const configuredFile = ({ hub }: GatewayConfig, isFirstBoot: boolean): string | undefined =>
  (isFirstBoot && hub.invitation_file) || undefined;

/** Reads the link of an invitation from a file. Throws `CommandFailed`. */
async function linkInFile(file: string | undefined): Promise<string> {
  if (file === undefined) {
    const usage = `missing link. Usage: ${invocation(process.env)} enrol '<link of the invitation>'`;
    throw new CommandFailed(usage, ExitCode.usage);
  }
  const text = (await files.readText(file, { regularOnly: true }))?.trim();
  if (text) return text;
  const problem = text === undefined ? 'does not exist' : 'is empty';
  throw new CommandFailed(`${file} ${problem}: it must contain the link of an invitation`, ExitCode.configuration);
}

interface Attempt {
  readonly result: RobotEnrolment;
  readonly isRunning: boolean;
}

/** Enrols this robot; the data folder is in use only meanwhile. */
function enrolOnce(config: GatewayConfig, invitation: Invitation): Promise<Attempt> {
  const machine = { name: hostname(), system: `${type()} ${release()}` };
  return inFolder(config, () => enrolRobot({ config, files, clock: systemClock, invitation, machine }));
}

/** Repeats the attempt until it succeeds or the hub refuses it. A signal ends the process between two attempts. */
async function untilEnrolled(attempt: () => Promise<Attempt>): Promise<Attempt> {
  let last: Attempt | undefined;
  await enrolAtFirstBoot({
    random: systemRandom,
    attempt: async () => {
      last = await attempt();
      return last.result;
    },
    wait: async ({ reason }, delayMs) => {
      console.error(pauseLine(reason, delayMs));
      await delay(delayMs);
    },
  });
  return last!;
}

function invitationFrom(link: string): Invitation {
  try {
    return readInvitation(link);
  } catch (error) {
    if (error instanceof InvalidInvitation) throw new CommandFailed(error.message, ExitCode.usage);
    throw error;
  }
}

/** Prints what the hub will be allowed to do, and asks unless `isAgreed`. Throws `CommandFailed` if the user declines. */
async function agree(
  config: GatewayConfig,
  { url, hubFingerprint, role: invited }: Invitation,
  isAgreed: boolean,
): Promise<void> {
  const permissions = [...refusing(() => hubPermissions(config, invited))].filter((name) => name !== 'self').sort();
  const role = hubRole(config, invited);
  console.error(
    `The hub ${hubName({ url })} with the key ${hubFingerprint} will see this robot, its faults and its log.`,
  );
  console.error(
    `It and its users will have the role ${role}${config.hub.read_only ? ' for reading only' : ''}: ${permissions.join(', ')}.`,
  );
  console.error('To allow less, set hub.role, hub.deny or hub.read_only in the configuration of the gateway.');
  if (!isAgreed) await expectYes('Enrol this robot? [y/N] ');
}

/** Asks a question. Throws `CommandFailed` if the user declines, or without a terminal. */
async function expectYes(question: string): Promise<void> {
  if (!isInteractive()) {
    throw new CommandFailed('cannot ask without a terminal: to agree, pass --yes', ExitCode.usage);
  }
  const answer = await ask(question);
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new CommandFailed('canceled: nothing was changed', ExitCode.cancelled);
}

async function seal(config: GatewayConfig, isAgreed: boolean): Promise<number> {
  if (!isAgreed) {
    console.error(
      `This removes the key of this robot in ${config.data_dir}: its hub refuses it until it is enrolled again.`,
    );
    await expectYes('Remove the key and the enrolment? [y/N] ');
  }
  const { result: had } = await explained(() =>
    inFolder(config, async (isRunning) => {
      if (isRunning) throw new CommandFailed('stop the gateway first: it uses the key', ExitCode.refused);
      return sealRobot({ config, files });
    }),
  );
  console.log(
    had
      ? 'The key and the enrolment of this robot are removed. The gateway removes the log when it starts after the next enrolment.'
      : 'This robot has neither a key nor an enrolment: there is nothing to remove.',
  );
  return ExitCode.ok;
}

/** Runs `work` with the data folder, which no gateway can start to use meanwhile. Its files keep their owner. */
async function inFolder<T>(
  { data_dir: folder }: GatewayConfig,
  work: (isRunning: boolean) => Promise<T>,
): Promise<{ readonly result: T; readonly isRunning: boolean }> {
  await using opened = new AsyncDisposableStack();
  const isRunning = holderOf(folder, systemClock, opened) !== undefined;
  opened.defer(async () => {
    await giveToOwner(folder, UPLINK_FILES);
    const uplink = join(folder, 'uplink');
    if (await files.stateOf(uplink)) await giveToOwner(uplink, /./);
  });
  return { result: await work(isRunning), isRunning };
}

/** Runs `work`, and throws its failures as those of the command. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EnrolmentRefused) throw new CommandFailed(error.message, ExitCode.refused);
    if (error instanceof UplinkFileBroken) throw new CommandFailed(error.message, ExitCode.configuration);
    if (error instanceof Error && error.name === 'UplinkFailed') {
      throw new CommandFailed(`${error.message}; then run the same command again`, ExitCode.noGateway);
    }
    throw error;
  }
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StartRefused) throw new CommandFailed(error.message, ExitCode.configuration);
    throw error;
  }
}
