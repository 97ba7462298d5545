import { join } from 'node:path';
import type { Client } from '@medkit/client';
import { DocumentRefused } from '@medkit/documents';
import type { Clock, Files, Random, WritableFiles } from '@medkit/edges';
import type { BrokerAddress, OpenBroker } from '@medkit/mqtt';
import { type Protocol, protocolOf } from '@medkit/vda5050';
import type { AgentHealth } from './agent/agent-health.ts';
import { type FleetAgentOptions, openFleetAgent } from './agent/fleet-agent.ts';
import { faultClearing } from './clearing/fault-clearing.ts';
import type { AgentConfig } from './config/agent-config.ts';
import { errorFeed } from './feed/error-feed.ts';
import { openHttpFeed } from './feed/http-feed.ts';
import { topicFeed } from './feed/topic-feed.ts';
import { openPictureSource } from './picture/open-picture-source.ts';
import { serialFile } from './serial/serial-file.ts';

export interface StartOptions {
  readonly config: AgentConfig;
  /** Client of the gateway in the file. */
  readonly client: Client;
  /** Address of the broker in the file, with its secrets. */
  readonly broker: BrokerAddress;
  readonly openBroker: OpenBroker;
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files & WritableFiles;
  /** Folder of the agent's record, unless the file sets it. */
  readonly dataDir: string;
  readonly takesOver?: boolean;
  /** See FleetAgentOptions. */
  readonly reportOther?: FleetAgentOptions['reportOther'];
  /** Logs a change of role, one line. */
  log(line: string): void;
  /** Logs a warning, one line. */
  warn(line: string): void;
}

export interface RunningAgent {
  /** Address of its HTTP pages; undefined if it serves none. */
  readonly url: string | undefined;
  health(): AgentHealth;
  /** Publishes OFFLINE, then stops everything within a few seconds. */
  stop(): Promise<void>;
}

/**
 * Starts an agent as configured in its file. Throws `DocumentRefused` if the factsheet is invalid, and a system error if
 * the address of its pages is unavailable.
 */
export async function startAgent(options: StartOptions): Promise<RunningAgent> {
  const { config, client, clock, files } = options;
  const protocol = protocolOf(config.robot.version);
  const factsheet = await readFactsheet(files, config.factsheetFile, protocol);
  await using starting = new AsyncDisposableStack();
  const picture = openPictureSource({ client, clock, config });
  starting.defer(() => picture.stop());
  const errors = errorFeed(picture, protocol);
  starting.defer(errors.stop);
  const { feedTopic } = config;
  const topic =
    feedTopic &&
    topicFeed({
      errors,
      clock,
      put: async (text) => {
        const body = { type: 'std_msgs/msg/String', data: { data: text } };
        await client.call('putDataItem', { entity: feedTopic.entity, path: { data_id: feedTopic.dataId }, body });
      },
    });
  if (topic) starting.defer(topic.stop);
  const agent = await openFleetAgent({
    ...options,
    terms: config,
    protocol,
    picture,
    file: serialFile(recordPath(options), files),
    clearing: faultClearing({ client, config }),
    ...(factsheet && { factsheet }),
  });
  starting.defer(() => agent.stop());
  const health = (): AgentHealth => {
    const current = agent.health();
    if (topic?.problem === undefined) return current;
    return { ...current, warnings: [...current.warnings, `cannot write the errors to feed.topic: ${topic.problem}`] };
  };
  const served = { health, lastState: () => agent.lastState() };
  const pages = config.http && (await openHttpFeed({ address: config.http, agent: served, errors, clock }));
  if (pages) starting.defer(() => pages.close());
  const running = starting.move();
  return { url: pages?.url, health, stop: () => running.disposeAsync() };
}

/** Path of the record. Names of manufacturers may contain any characters. */
function recordPath({ config, dataDir }: StartOptions): string {
  const { manufacturer, serialNumber } = config.robot;
  return join(
    config.dataDir ?? dataDir,
    `${encodeURIComponent(manufacturer)}-${serialNumber}.json`.replaceAll(':', '%3A'),
  );
}

async function readFactsheet(files: Files, path: string | undefined, protocol: Protocol): Promise<object | undefined> {
  if (path === undefined) return undefined;
  const text = await files.readText(path, { regularOnly: true });
  if (text === undefined) throw new DocumentRefused([`${path}: there is no such file`]);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new DocumentRefused([`${path}: invalid JSON: ${(error as Error).message}`]);
  }
  const problem = protocol.factsheetProblem(content);
  if (problem !== undefined) throw new DocumentRefused([`${path}: ${problem}`]);
  return content as object;
}
