import type { GatewayConfig } from '@medkit/gateway';
import { hubSettings, isHub, robotHubs, type StoredHub, sealRobot } from '@medkit/gateway/enrol';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { plainLine } from '../terminal/display-width.ts';
import { expectYes, explained, files, inFolder } from './enrolment-folder.ts';
import { grantLine } from './grant-line.ts';

/** Throws `CommandFailed` while a gateway uses the keys. */
function expectStopped(isRunning: boolean): void {
  if (isRunning) throw new CommandFailed('stop the gateway first: it uses the key', ExitCode.refused);
}

/** `medkit enrol --seal`: removes every key and enrolment. */
export async function seal(config: GatewayConfig, isAgreed: boolean): Promise<number> {
  if (!isAgreed) {
    console.error(
      `This removes the keys of this robot in ${config.data_dir}: each hub refuses it until it is enrolled again.`,
    );
    await expectYes('Remove the key and the enrolment? [y/N] ');
  }
  const { result: had } = await explained(() =>
    inFolder(config, async (isRunning) => {
      expectStopped(isRunning);
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

/** `medkit enrol --remove`: removes the key and the enrolment of one hub. The other hub reads the same log as before. */
export async function leaveHub(config: GatewayConfig, name: string, isAgreed: boolean): Promise<number> {
  const hubs = await explained(() => robotHubs({ config, files }));
  const left = hubToLeave(hubs, name);
  const others = hubs.filter((hub) => hub !== left);
  console.error(plainLine(`This removes the key of this robot for ${left.name}, which it cannot use any more.`));
  for (const other of others) {
    const settings = hubSettings(config, { ...other, isFirst: true });
    if (settings) console.error(grantLine(other.name, { ...config, hub: settings }, other.enrolment?.role));
  }
  if (!isAgreed) await expectYes('Remove the key and the enrolment of this hub? [y/N] ');
  await explained(() =>
    inFolder(config, async (isRunning) => {
      expectStopped(isRunning);
      await left.folder.clear();
    }),
  );
  const rest = others.map((hub) => hub.name).join(' and ');
  console.log(plainLine(`${left.name} is removed; retire this robot on that hub.`));
  console.log(plainLine(rest === '' ? 'This robot has no hub any more.' : `This robot stays enrolled at ${rest}.`));
  return ExitCode.ok;
}

function hubToLeave(hubs: readonly StoredHub[], name: string): StoredHub {
  const found = hubs.find((hub) => isHub(hub, name));
  if (found) return found;
  const known = hubs.length === 0 ? 'it has none' : `it is enrolled at ${hubs.map((hub) => hub.name).join(' and ')}`;
  throw new CommandFailed(plainLine(`this robot has no hub ${name}: ${known}`), ExitCode.usage);
}
