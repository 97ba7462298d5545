import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../harness/eventually.ts';
import { Sandbox } from '../scenes/medkit-process.ts';
import { openHostileGateway } from './gateway.ts';
import { hostileFiles } from './recordings.ts';
import { LONG, MARKUP, SCRIPT_LINK, TURNED } from './texts.ts';
import { writeTypes } from './type-folder.ts';

const START_MS = 60_000;

/** A malicious manifest of a robot. */
const MANIFEST = {
  manifest_version: '1.0',
  metadata: { name: MARKUP, description: `${MARKUP} ${SCRIPT_LINK}` },
  areas: [
    { id: 'hall', name: MARKUP, description: `https://evil.example/ ${SCRIPT_LINK}`, tags: [MARKUP, SCRIPT_LINK] },
  ],
  components: [{ id: 'arm', area: 'hall', name: TURNED, description: MARKUP, type: MARKUP, variant: MARKUP }],
  apps: [
    {
      id: 'written',
      name: SCRIPT_LINK,
      description: MARKUP,
      is_located_on: 'arm',
      ros_binding: { node_name: 'constructor', namespace: '/__proto__' },
    },
    { id: 'longest', name: LONG.slice(0, 4000), is_located_on: 'arm' },
  ],
  functions: [{ id: 'work', name: MARKUP, hosted_by: ['written'] }],
};

/** A gateway with a manifest, a robot and an aggregated gateway, all of which are malicious. */
export class HostileScene implements AsyncDisposable {
  readonly url: string;
  readonly requested: ReadonlySet<string>;
  readonly #resources: AsyncDisposableStack;

  private constructor(url: string, requested: ReadonlySet<string>, resources: AsyncDisposableStack) {
    this.url = url;
    this.requested = requested;
    this.#resources = resources;
  }

  static async open(): Promise<HostileScene> {
    await using opening = new AsyncDisposableStack();
    const peer = opening.use(await openHostileGateway(await hostileFiles()));
    const sandbox = opening.use(new Sandbox());
    const domain = await sandbox.domain();
    const ros = { ROS_DOMAIN_ID: String(domain), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
    const [types, manifest, config] = ['types', 'robot.yaml', 'medkit.yaml'].map((name) => join(sandbox.folder, name));
    mkdirSync(types!);
    writeTypes(types!);
    writeFileSync(manifest!, JSON.stringify(MANIFEST));
    const settings = {
      server: { port: 0 },
      data_dir: join(sandbox.folder, 'data'),
      discovery: { mode: 'hybrid', manifest_path: manifest },
      aggregation: { enabled: true, peer_urls: [peer.url], peer_names: ['evil'] },
      // Confirms a fault with its first report.
      fault_manager: { ros__parameters: { confirmation_threshold: -1 } },
    };
    writeFileSync(config!, JSON.stringify(settings));
    const gateway = sandbox.start(['up', '--config', config!], ros);
    const url = await gateway.printed(/^ +Page +(\S+)\/$/m, START_MS);
    const node = sandbox.example('test/hostile/node.ts', [types!], ros);
    await node.printed(/^reported$/m, START_MS);
    await eventually(
      'the tree of the other gateway',
      async () => (await fetch(`${url}/api/v1/apps/evil`)).ok,
      START_MS,
    );
    return new HostileScene(url, peer.requested, opening.move());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}
