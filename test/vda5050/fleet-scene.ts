import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProtocolVersion, RobotState } from '@medkit/vda5050';
import { eventually } from '../harness/eventually.ts';
import { type Mosquitto, type MosquittoOptions, startMosquitto } from '../harness/mosquitto.ts';
import { type AgentProgram, startAgentProgram } from './agent-program.ts';
import { type FleetView, openFleetView, type SeenState } from './fleet-view.ts';
import { type StandInGateway, startStandInGateway } from './stand-in-gateway.ts';

/** Faults that stood, and between which times every agent knew of them and of nothing else. */
interface Period {
  readonly errors: readonly string[];
  knownMs: number;
  overMs: number;
}

/** A robot's gateway, a real broker, agents in processes of their own, and what a fleet control sees. */
export class FleetScene implements AsyncDisposable {
  readonly broker: Mosquitto;
  readonly robot;
  readonly folder = mkdtempSync(join(tmpdir(), 'medkit-fleet-'));
  readonly #gateway: StandInGateway;
  readonly #agents = new Set<AgentProgram>();
  readonly #views: FleetView[] = [];
  #isJudged = true;
  readonly #periods: Period[] = [{ errors: [], knownMs: 0, overMs: Number.POSITIVE_INFINITY }];

  private constructor(broker: Mosquitto, gateway: StandInGateway, version: ProtocolVersion) {
    this.broker = broker;
    this.#gateway = gateway;
    this.robot = { version, manufacturer: 'ACME', serialNumber: 'AMR-0001' } as const;
  }

  static async open(version: ProtocolVersion, options: MosquittoOptions = {}): Promise<FleetScene> {
    const [broker, gateway] = await Promise.all([startMosquitto(options), startStandInGateway()]);
    return new FleetScene(broker, gateway, version);
  }

  /** What a fleet control sees from now on. */
  async view(): Promise<FleetView> {
    const view = openFleetView(this.broker.url, this.robot);
    this.#views.push(view);
    await eventually('the fleet control is at the broker', async () => view.isOpen);
    return view;
  }

  agent({
    brokerUrl = this.broker.url,
    dataDir = this.folder,
  }: {
    readonly brokerUrl?: string;
    readonly dataDir?: string;
  } = {}): AgentProgram {
    const protocol = this.robot.version !== '3.0.0' ? '3.1.1' : '5';
    const agent = startAgentProgram({ robot: this.robot, gatewayUrl: this.#gateway.url, brokerUrl, protocol, dataDir });
    this.#agents.add(agent);
    return agent;
  }

  async kill(agent: AgentProgram): Promise<void> {
    this.#agents.delete(agent);
    await agent.end('SIGKILL');
  }

  /** Resolves when an agent is the client of the serial number. */
  async sole(agent: AgentProgram): Promise<void> {
    await eventually('the agent is the sole client', async () => (await agent.health()).role === 'sole');
  }

  /** These faults stand from now on; resolves when all agents know. */
  async stand(...errors: readonly string[]): Promise<void> {
    const period: Period = { errors, knownMs: Number.POSITIVE_INFINITY, overMs: Number.POSITIVE_INFINITY };
    this.#periods.at(-1)!.overMs = Date.now();
    this.#periods.push(period);
    this.#gateway.stand(errors);
    const wanted = [...errors].sort().join();
    for (const agent of this.#agents) {
      await eventually(
        `the agent knows of ${wanted}`,
        async () => [...(await agent.errors())].sort().join() === wanted,
      );
    }
    // A state made within this millisecond may be of the moment before.
    period.knownMs = Date.now() + 1;
  }

  /** So many faults that no state has room for them: what is seen of them the test itself judges. */
  standUnjudged(errors: readonly string[]): void {
    this.#isJudged = false;
    this.#gateway.stand(errors);
  }

  /** A state of the robot's own client. */
  foreignState(): RobotState {
    const error = { type: FOREIGN, level: 'WARNING', references: [] } as const;
    return {
      nodes: [],
      edges: [],
      actions: [],
      instantActions: [],
      driving: false,
      battery: { chargePercent: 80, charging: false },
      operatingMode: 'MANUAL',
      safety: { emergencyStop: 'NONE', fieldViolation: false },
      errors: [error],
      information: [],
    };
  }

  /** Resolves when a fleet control sees the robot as it is. */
  async isSeen(view: FleetView): Promise<void> {
    const { errors, knownMs } = this.#periods.at(-1)!;
    await eventually('the fleet sees the robot as it is', async () => {
      const state = view.states.at(-1);
      return view.connection === 'ONLINE' && state !== undefined && state.madeMs >= knownMs && isSame(state, errors);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#agents].map((agent) => agent.end('SIGKILL')));
    await Promise.all([this.broker[Symbol.asyncDispose](), this.#gateway[Symbol.asyncDispose]()]);
    for (const view of this.#views) {
      await view[Symbol.asyncDispose]();
      if (this.#isJudged) for (const state of view.states) this.#judge(state);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A state is so at the moment in which it is made: it has all that stood for sure by then, and nothing that was over. */
  #judge({ errors, madeMs }: SeenState): void {
    if (errors.includes(FOREIGN)) return;
    // Of two where one has begun, and not every agent knows.
    const possible = this.#periods.filter(
      ({ overMs }, at) => madeMs >= (this.#periods[at - 1]?.overMs ?? 0) && madeMs <= this.#knownAfter(at, overMs),
    );
    const certain = possible
      .map((period) => period.errors)
      .reduce((all, some) => all.filter((error) => some.includes(error)));
    const told = JSON.stringify({ errors, madeMs, possible });
    assert.ok(
      errors.every((error) => possible.some((period) => period.errors.includes(error))),
      `gone, or not there yet: ${told}`,
    );
    assert.ok(
      certain.every((error) => errors.includes(error)),
      `left out: ${told}`,
    );
  }

  /** When every agent knows that a period is over. */
  #knownAfter(at: number, overMs: number): number {
    return this.#periods[at + 1]?.knownMs ?? overMs;
  }
}

/** The error that states of a robot's own client have here. */
export const FOREIGN = 'FOREIGN';

function isSame(state: SeenState, errors: readonly string[]): boolean {
  return [...state.errors].sort().join() === [...errors].sort().join();
}
