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

/** Active faults, and the period in which every agent had exactly these. */
interface Period {
  readonly errors: readonly string[];
  knownMs: number;
  overMs: number;
}

/** A robot's gateway, a real broker, agents in separate processes, and a fleet control's view. */
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

  /** Opens the view of a fleet control. */
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
  async untilExclusive(agent: AgentProgram): Promise<void> {
    await eventually('the agent is the sole client', async () => (await agent.health()).role === 'sole');
  }

  /** Activates exactly these faults; resolves when all agents have received them. */
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
    // A state made within this millisecond may show the previous faults.
    period.knownMs = Date.now() + 1;
  }

  /** Activates more faults than a state can hold; the test itself checks the result. */
  standUnjudged(errors: readonly string[]): void {
    this.#isJudged = false;
    this.#gateway.stand(errors);
  }

  /** Returns a state of another client of the robot. */
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

  /** Resolves when a fleet control sees the robot's current state. */
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

  /**
   * Checks a state against the time at which it was made: it contains all faults that were certainly active then, and
   * none that had ended.
   */
  #judge({ errors, madeMs }: SeenState): void {
    if (errors.includes(FOREIGN)) return;
    // Both periods are possible after the second has begun and before every agent has received it.
    const possible = this.#periods.filter(
      ({ overMs }, at) => madeMs >= (this.#periods[at - 1]?.overMs ?? 0) && madeMs <= this.#knownAfter(at, overMs),
    );
    const certain = possible
      .map((period) => period.errors)
      .reduce((all, some) => all.filter((error) => some.includes(error)));
    const details = JSON.stringify({ errors, madeMs, possible });
    assert.ok(
      errors.every((error) => possible.some((period) => period.errors.includes(error))),
      `gone, or not there yet: ${details}`,
    );
    assert.ok(
      certain.every((error) => errors.includes(error)),
      `left out: ${details}`,
    );
  }

  /** Returns when every agent knows that a period is over. */
  #knownAfter(at: number, overMs: number): number {
    return this.#periods[at + 1]?.knownMs ?? overMs;
  }
}

/** The error in states of another client of the robot. */
export const FOREIGN = 'FOREIGN';

function isSame(state: SeenState, errors: readonly string[]): boolean {
  return [...state.errors].sort().join() === [...errors].sort().join();
}
