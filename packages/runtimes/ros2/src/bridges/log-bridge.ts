import type { QuotaFigures } from '@medkit/edges';
import { SEVERITY } from '@medkit/faults';
import type { RosMessage } from '@medkit/ros2';
import { ROSOUT } from '../logs/rosout.ts';
import { ReportFilter } from '../reporter/report-filter.ts';
import type { BridgeContext } from './bridge-context.ts';
import { Cooldown } from './cooldown.ts';
import { type LogRules, logReport } from './log-report.ts';

export interface LogBridgeSettings extends LogRules {
  /** `report_cooldown_sec`, in milliseconds. */
  readonly cooldownMs: number;
}

/** Reports faults for the warnings and errors that nodes log. These faults do not heal: nodes do not log recovery. */
export class LogBridge {
  readonly #context: Omit<BridgeContext, 'node'>;
  readonly #settings: LogBridgeSettings;
  readonly #filter = new ReportFilter();
  readonly #cooldown: Cooldown;

  constructor(context: Omit<BridgeContext, 'node'>, settings: LogBridgeSettings) {
    this.#context = context;
    this.#settings = settings;
    this.#cooldown = new Cooldown(settings.cooldownMs);
  }

  /** Counts of the rate-limited kinds of messages, by node. */
  figures(): QuotaFigures {
    return this.#cooldown.figures();
  }

  /** Handles a `rcl_interfaces/msg/Log`, with the GID of its publisher. */
  take({ level, name, msg }: RosMessage, gid: string): void {
    const { view, clock, report, isMedkit } = this.#context;
    if (Number(level) < this.#settings.severityFloor) return;
    const publisher = view.topic(ROSOUT)?.publishers.find((each) => each.gid === gid)?.node;
    const line = { level: Number(level), logger: String(name), message: String(msg), publisher };
    const found = logReport(line, this.#settings, { isNode: (fqn) => view.nodes.has(fqn), isMedkit });
    if (found === undefined || this.#context.other('logs') !== undefined) return;
    const { code, severity, condition } = found;
    const key = condition?.key ?? code;
    const nowMs = clock.monotonicMs();
    if (!this.#filter.passes(key, severity, nowMs)) return;
    // The key contains the severity: a kind of message that became more severe is reported again.
    if (severity >= SEVERITY.ERROR && !this.#cooldown.begin(`${severity} ${key}`, nowMs, publisher)) return;
    void report(found);
  }
}
