import { hostname, release, type } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock, systemRandom } from '@medkit/edges/node';
import type { GatewayConfig } from '@medkit/gateway';
import {
  enrolAtFirstBoot,
  enrolRobot,
  hubName,
  InvalidInvitation,
  type Invitation,
  planEnrolment,
  type RobotEnrolment,
  readInvitation,
  robotHubs,
  UplinkFileBroken,
} from '@medkit/gateway/enrol';
import { FOLDER_OPTION_LINES, FOLDER_OPTIONS, folderConfig } from '../auth/data-folder.ts';
import type { CommandProgram } from '../command/command.ts';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { helpText } from '../command/help-text.ts';
import { invocation } from '../command/invocation.ts';
import { expectNoArguments, parseArguments } from '../command/parse-arguments.ts';
import { expectYes, explained, files, inFolder } from './enrolment-folder.ts';
import { enrolledLine, enrolmentLines, pauseLine } from './enrolment-lines.ts';
import { grantLine } from './grant-line.ts';
import { leaveHub, seal } from './leave-hubs.ts';

/** `medkit enrol`: enrols this robot at a fleet hub, or removes its keys. */
export const enrol: CommandProgram = {
  help: () =>
    helpText({
      usage: 'enrol [link]',
      about: [
        'Enrols this robot at a fleet hub with the link of an invitation: prints what the hub will be allowed to do, asks, and',
        'creates the key of the robot in its data folder. The code is sent only to the hub whose key the link names. If the command',
        'was interrupted, run it again with the same link. A running gateway connects after its next start. A robot can have two',
        'hubs: to migrate from one to the other, or for a manufacturer and an operator.',
      ],
      options: [
        ['--add', 'enrol the robot at a second hub; it stays enrolled at the first one'],
        ['--remove <hub>', 'remove the key and the enrolment of one hub, by its name or key as in `uplink`'],
        ['--yes', 'agree to what the hub will be allowed to do, to --remove or to --seal'],
        ['--first-boot', 'for an image: do nothing if enrolled; wait for the network; never ask'],
        ['--link-file <file>', 'file with the link (with --first-boot, default: the setting hub.invitation_file)'],
        ['--seal', 'remove all keys and enrolments, before an image of the disk is made; needs no link'],
        ['--json', 'print the enrolment as JSON'],
        ...FOLDER_OPTION_LINES,
      ],
      examples: [
        ["enrol 'https://hub.example.com/#7KQ2-9FXM-…'", 'enrol this robot with an invitation'],
        ['enrol --first-boot --link-file /etc/medkit/invitation', 'enrol each robot of an image when it starts first'],
        ["enrol --add 'https://hub2.example.com/#3TWC-…'", 'enrol it at a second hub too'],
        ['enrol --remove hub.example.com', 'leave one of two hubs'],
        ['enrol --seal', 'prepare an image: each robot then enrols with a key that it creates itself'],
      ],
    }),

  async run(args) {
    const flag = { type: 'boolean' } as const;
    const texts = { 'link-file': { type: 'string' }, remove: { type: 'string' } } as const;
    const options = { ...FOLDER_OPTIONS, ...texts, yes: flag, seal: flag, add: flag, json: flag, 'first-boot': flag };
    const { values, positionals } = await parseArguments(args, options);
    const config = await folderConfig(values);
    if (values.seal) {
      expectNoArguments(positionals);
      return seal(config, values.yes === true);
    }
    if (values.remove !== undefined) {
      expectNoArguments(positionals);
      return leaveHub(config, values.remove.toString(), values.yes === true);
    }
    const [link, ...more] = positionals;
    expectNoArguments(more);
    const isFirstBoot = values['first-boot'] === true;
    if (isFirstBoot) {
      const known = await explained(() => enrolledHub(config));
      if (known?.enrolment) {
        console.log(values.json ? JSON.stringify(known.enrolment) : enrolledLine(known.enrolment.robot, known.name));
        return ExitCode.ok;
      }
    }
    const invitation = invitationFrom(
      link ?? (await linkInFile(values['link-file']?.toString() ?? configuredFile(config, isFirstBoot))),
    );
    const plan = { config, files, invitation, add: values.add === true };
    await agree(plan, values.yes === true || isFirstBoot);
    const attempt = () => enrolOnce(plan);
    const { result, isRunning } = await explained(isFirstBoot ? () => untilEnrolled(attempt) : attempt);
    if (values.json) console.log(JSON.stringify(result));
    else for (const line of enrolmentLines(result, hubName(result), isRunning)) console.log(line);
    return ExitCode.ok;
  },
};

/** Returns the first hub of this robot; `undefined` if it is not enrolled. Throws `UplinkFileBroken`. */
async function enrolledHub(config: GatewayConfig) {
  const [first] = await robotHubs({ config, files });
  if (first?.broken !== undefined) throw new UplinkFileBroken(first.broken);
  return first;
}

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

interface Plan extends Omit<Parameters<typeof planEnrolment>[0], 'config'> {
  readonly config: GatewayConfig;
}

interface Attempt {
  readonly result: RobotEnrolment;
  readonly isRunning: boolean;
}

/** Enrols this robot; the data folder is in use only meanwhile. */
function enrolOnce(plan: Plan): Promise<Attempt> {
  const machine = { name: hostname(), system: `${type()} ${release()}` };
  return inFolder(plan.config, () => enrolRobot({ ...plan, clock: systemClock, machine }));
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
async function agree(plan: Plan, isAgreed: boolean): Promise<void> {
  const { url, hubFingerprint, role: invited } = plan.invitation;
  const { others, settings } = await explained(() => planEnrolment(plan));
  console.error(
    `The hub ${hubName({ url })} with the key ${hubFingerprint} will see this robot, its faults and its log.`,
  );
  console.error(grantLine('It', { ...plan.config, hub: settings }, invited));
  console.error('To allow less, set hub.role, hub.deny or hub.read_only in the configuration of the gateway.');
  for (const { name } of others)
    console.error(`This robot stays enrolled at ${name}, whose settings do not apply to this hub.`);
  if (!isAgreed) await expectYes('Enrol this robot? [y/N] ');
}
