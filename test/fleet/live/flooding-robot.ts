import { createServer, type ServerResponse } from 'node:http';
import { systemClock } from '@medkit/edges/node';
import type { RobotUplink } from '@medkit/tunnel';
import { connectTestRobot, useInvitation } from '../../../packages/gateway/src/testing/test-hub.ts';
import { faultItem, robotLog } from '../../../packages/resources/fleet/src/testing/robot-log.ts';
import type { RobotReport } from './simulated-robot.ts';

/** Records that a robot appends per second. */
const PER_SECOND = 50_000;
/** Records and characters of one page, as a robot answers them. */
const [PAGE, PAGE_CHARS] = [1000, 524_288];
const CODE = 'FLOOD';
const POLL_MS = 5;

/** A robot that appends 50,000 records a second to its log, which it has in memory. */
export interface FloodingRobot {
  /** Connects, and begins to append. */
  connect(): Promise<void>;
  report(): RobotReport;
  close(): void;
}

/** Enrols the robot with an invitation for this name. Its log ends after `records` records. */
export async function floodingRobot(name: string, link: string, records: number): Promise<FloodingRobot> {
  const robot = await useInvitation(link);
  const log = robotLog('flood');
  const fault = { ...faultItem(CODE), description: 'A bumper that reports each sample.', entity_id: 'bumper' };
  for (let number = 1; number <= records; number += 1) {
    log.add('fault', { event_type: 'fault_updated', fault, number, phase: 'flood' });
  }
  let acknowledged = 0;
  let startMs = 0;
  let uplink: RobotUplink | undefined;
  const newest = (): number =>
    Math.min(records, Math.floor(((systemClock.monotonicMs() - startMs) * PER_SECOND) / 1000));
  const answerLog = async (response: ServerResponse, query: URLSearchParams): Promise<void> => {
    const after = Number(query.get('after'));
    const endMs = systemClock.monotonicMs() + 1000 * Number(query.get('wait_sec'));
    while (newest() <= after && systemClock.monotonicMs() < endMs && !response.destroyed) {
      await new Promise<void>((resolve) => systemClock.after(POLL_MS, resolve));
    }
    let text = '';
    for (const line of log.lines.slice(after, Math.min(newest(), after + PAGE))) {
      if (text.length > PAGE_CHARS) break;
      text += `${line.text}\n`;
    }
    response.end(text);
  };
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://robot');
    if (pathname.endsWith('/state')) response.end(JSON.stringify(log.state([], { newest: 0 })));
    else if (pathname.endsWith('/log')) await answerLog(response, searchParams);
    else if (request.method === 'PUT') {
      let text = '';
      for await (const chunk of request) text += chunk;
      acknowledged = JSON.parse(text).seq;
      response.writeHead(204).end();
    } else response.writeHead(404).end();
  });
  return {
    connect: async () => {
      startMs = systemClock.monotonicMs();
      uplink = await connectTestRobot(robot, server);
    },
    report: () => ({
      ...{ name, log: 'flood', newest: records, hash: log.state().hash, acknowledged },
      ...{ events: records, active: [CODE], state: uplink ? 'connected' : 'closed' },
    }),
    close: () => uplink?.close(),
  };
}
