import { dirname, resolve } from 'node:path';
import { DocumentRefused, readYaml } from '@medkit/documents';
import { entityAt } from '../entity-path.ts';
import { readRules } from '../rules/read-rules.ts';
import { Section } from '../section.ts';
import { unmappedMembers } from '../values/value-map.ts';
import type { AgentConfig } from './agent-config.ts';
import { readBroker, readFeedTopic, readGateway, readHttp, readRobot } from './read-connections.ts';
import { readValues } from './read-values.ts';

/** Listens longer than the 30 s within which a client must send a state (2.1.0, 6.10; 3.0.0, 6.6). */
const DEFAULT_LISTEN_S = 35;
const MAX_STATE_INTERVAL_S = 30;
const LISTENING_S = { least: 0, most: 3600 } as const;
const SETTLING_S = { least: 0, most: 60 } as const;
const STATES_S = { least: 1, most: MAX_STATE_INTERVAL_S } as const;
const GRACE_S = { least: 1, most: 3600 } as const;

/**
 * Parses the agent file with this text at the absolute path `file`. Relative paths are resolved against its folder. Throws
 * `DocumentRefused` with all problems by line.
 */
export function readAgentConfig(text: string, file: string): AgentConfig {
  const document = readYaml(text, file);
  if (document.kind !== 'map')
    throw new DocumentRefused([`${file}: expected sections such as gateway, broker and robot`]);
  const problems: string[] = [];
  const root = new Section(document, '', problems);
  const besides = (name: string) => resolve(dirname(file), name);
  const config = readRoot(root, file, besides);
  root.finish();
  if (config.mode === 'sole') problems.push(...unmapped(config, root));
  if (problems.length > 0) throw new DocumentRefused(problems);
  return config;
}

function readRoot(root: Section, file: string, besides: (name: string) => string): AgentConfig {
  const factsheet = root.text('factsheet');
  const dataDir = root.text('data_dir');
  return {
    file,
    gateway: readGateway(root, besides),
    broker: readBroker(root, besides),
    robot: readRobot(root),
    mode: root.choice('mode', ['sole', 'feed']) ?? 'sole',
    listenMs: milliseconds(root.number('listen_s', LISTENING_S), DEFAULT_LISTEN_S),
    settleMs: milliseconds(root.number('settle_s', SETTLING_S), 1),
    stateIntervalMs: milliseconds(root.number('state_interval_s', STATES_S), MAX_STATE_INTERVAL_S),
    gatewayGraceMs: milliseconds(root.number('gateway_grace_s', GRACE_S), 10),
    http: readHttp(root),
    feedTopic: readFeedTopic(root),
    clearsFaults: root.flag('clear_fault') ?? false,
    factsheetFile: factsheet === undefined ? undefined : besides(factsheet),
    dataDir: dataDir === undefined ? undefined : besides(dataDir),
    values: readValues(root.section('values')),
    rules: readRules(root),
    safety: readSafety(root),
  };
}

const milliseconds = (seconds: number | undefined, otherwise: number) => (seconds ?? otherwise) * 1000;

function readSafety(root: Section): AgentConfig['safety'] {
  const section = root.section('safety');
  if (section === undefined) return { at: root.at, entities: [], gateways: [] };
  const paths = section.texts('entities') ?? [];
  const gateways = section.texts('gateways') ?? [];
  section.finish();
  const entities = paths.flatMap((path) => {
    const entity = entityAt(path);
    if (entity) return [entity];
    section.refuse('entities', `expected entities such as areas/safety, found "${path}"`);
    return [];
  });
  return { at: section.at, entities, gateways };
}

/** Returns all unmapped members of a state. A state must be complete, and the agent invents no values. */
function unmapped({ values }: AgentConfig, root: Section): readonly string[] {
  const names = unmappedMembers(values);
  if (names.length === 0) return [];
  const remedy = 'map each to a field or a value; for a robot without localization, set position: none';
  return [`${root.place('values')}: values: mode sole requires ${names.join(', ')}: ${remedy}`];
}
